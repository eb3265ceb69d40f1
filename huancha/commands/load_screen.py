"""A load on screen: how far it is, and what became of every row."""

from rich.progress import Progress, TaskID
from rich.table import Table

from huancha.commands.output import byte_bars, plain_table, print_line, say, stderr, stdout
from loaders.report import LoadReport

FATES = ("read", "kept", "superseded", "quarantined")


class LoadScreen:
    """Progress of a load: bars with rows, bytes and time left on a terminal, plain lines elsewhere."""

    def __init__(self) -> None:
        self._bars: Progress | None = byte_bars() if stderr.is_terminal else None
        self._task: TaskID | None = None
        self._file = ""

    def __enter__(self) -> "LoadScreen":
        if self._bars:
            self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bars:
            self._bars.stop()

    def begin(self, files: int, total: int) -> None:
        """Announce the load."""
        if self._bars:
            self._task = self._bars.add_task("load", total=total, rows=0)
        else:
            say(f"… load: {files} files, {total:,} bytes")

    def advance(self, file: str, rows: int, done: int, total: int) -> None:
        """Draw how far the files are read."""
        if self._bars and self._task is not None:
            self._bars.update(self._task, completed=done, rows=rows, description=file)
        elif file != self._file:
            say(f"… {file}")
        self._file = file

    def stage(self, name: str) -> None:
        """Draw what comes after reading."""
        if self._bars and self._task is not None:
            self._bars.update(self._task, description=name)
        else:
            say(f"… {name}")

    def end(self) -> None:
        """Nothing more to draw."""


def say_outcome(report: LoadReport) -> None:
    """One sentence: published, reported only, or nothing new."""
    held = sum(fates.quarantined for fates in report.tables.values())
    if report.dry_run:
        say("只报告，未发布 reported only, nothing was published")
    elif report.load is None:
        say("没有新内容，快照不变 nothing new: the snapshot stays as it was")
    else:
        say(f"快照 snapshot {report.load}: {report.seconds:.1f} s")
        if held:
            say(f"隔离 {held:,} 行 quarantined rows: huancha quarantine list")


def print_report(report: LoadReport) -> None:
    """The load report for a person: rows by fate, warnings, what is switched off."""
    facts = report.to_json()
    stdout.print(_fates(facts["tables"]))
    for name, n in facts["replaced"].items():
        print_line(f"更正 replaced in {name}: {n:,}")
    for code, n in facts["warnings"].items():
        print_line(f"提示 warning {code}: {n:,}")
    for code, n in facts["reasons"].items():
        print_line(f"隔离 quarantined {code}: {n:,}")
    for column in facts["unknown_columns"]:
        print_line(f"未知列 unknown column {column['column']} in {column['file']}")
    for value in facts["unknown_values"]:
        print_line(
            f"未知代码 unknown value {value['value']} in {value['table']}.{value['column']}: "
            f"{value['rows']:,} rows"
        )
    for bound in facts["out_of_bounds"]:
        where = ".".join(filter(None, (bound["table"], bound["column"])))
        print_line(
            f"低于预期 below bounds {where}: {bound['measure']} {bound['value']:.3g} < {bound['bound']:.3g}"
        )
    for file in facts["skipped"]:
        print_line(f"跳过 skipped {file['file']}: {file['why']}")
    for name in facts["not_tables"]:
        print_line(f"非数据表 not a table: {name}")
    for item in facts["absent"]:
        print_line(f"缺表 absent {item['table']}: switches off {item['switches_off']}")
    if facts["date_from"]:
        print_line(f"日期 dates {facts['date_from']} … {facts['date_to']}")


def _fates(tables: dict[str, dict[str, int]]) -> Table:
    table = plain_table(
        table="表", read=">读入", kept=">保留", superseded=">取代", quarantined=">隔离"
    )
    for name, fates in tables.items():
        table.add_row(name, *(f"{fates[fate]:,}" for fate in FATES))
    return table
