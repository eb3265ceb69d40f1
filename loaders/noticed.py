"""What a load noticed: fates, warnings, unknown codes, bounds, the span of days."""

from datetime import datetime

from graph.duck import quoted
from graph.schema import WARNINGS
from loaders.convert import ROUNDED
from loaders.report import Absent, OutOfBounds, RowFates, UnknownValue
from loaders.run import Run
from loaders.source import ColumnType, TableSource

MOST_VALUES = 50
"""Unknown values named per column."""
_LONGEST_VALUE = 20
_ENTITIES = ("psn_info_b", "fixmedins_b", "prac_psn_b")


def notice(run: Run) -> None:
    """Fill the report from the staging tables and the rejects of a run."""
    for table in sorted(run.staged):
        source = run.sources[table]
        stage = run.stage(table)
        assert stage is not None
        _fates(run, source, stage)
        _unknown_values(run, source, stage)
        _bounds(run, source, stage)
        rounded = run.one(
            f"SELECT count(*) FROM {stage} WHERE fate IS NULL AND warn & {ROUNDED} <> 0"
        )
        run.report.warnings["rounded_money"] += int(rounded)
        if table in _ENTITIES:
            _warnings(run, stage)
    for reject in run.rejects:
        run.report.reasons[reject.reason] += 1
    run.report.absent = [
        Absent(table, source.switches_off)
        for table, source in run.sources.items()
        if not run.loaded(table)
    ]
    _span(run)


def _fates(run: Run, source: TableSource, stage: str) -> None:
    counts = dict(run.rows(f"SELECT coalesce(fate, ''), count(*) FROM {stage} GROUP BY 1"))
    fates = run.report.tables.setdefault(source.table, RowFates())
    fates.kept = counts.get("", 0)
    fates.superseded = counts.get("superseded", 0)
    fates.quarantined = fates.read - fates.kept - fates.superseded
    rejected = sum(1 for reject in run.rejects if reject.table == source.table)
    assert fates.quarantined == rejected, (source.table, fates, rejected)


def _warnings(run: Run, stage: str) -> None:
    counts = run.rows(
        f"SELECT warn, count(*) FROM {stage} WHERE fate IS NULL AND warn <> 0 GROUP BY 1"
    )
    for bits, count in counts:
        for name, bit in WARNINGS.items():
            if bits & bit:
                run.report.warnings[name] += count


def _unknown_values(run: Run, source: TableSource, stage: str) -> None:
    bit = WARNINGS["unknown_value"]
    if not run.one(f"SELECT count(*) FROM {stage} WHERE warn & {bit} <> 0"):
        return
    for column in source.columns.values():
        if column.type is not ColumnType.CODE or not column.values:
            continue
        known = ", ".join(quoted(value) for value in column.values)
        found = run.rows(
            f'SELECT "{column.name}", count(*) FROM {stage} WHERE fate IS NULL AND warn & {bit} <> 0 '
            f'AND "{column.name}" NOT IN ({known}) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {MOST_VALUES}'
        )
        run.report.unknown_values.extend(
            UnknownValue(source.table, column.name, _shown(value), rows) for value, rows in found
        )


def _shown(value: str) -> str:
    """A value that should be a short code, as the report may show it: long ones may be somebody's."""
    digits = sum(character.isdigit() for character in value)
    if len(value) > _LONGEST_VALUE or digits > 8:
        return f"{value[:2]}… ({len(value)})"
    return value


def _bounds(run: Run, source: TableSource, stage: str) -> None:
    bounded = [column for column in source.columns.values() if column.fill > 0]
    counts = ", ".join(["count(*)", *(f'count("{column.name}")' for column in bounded)])
    rows, *filled = run.rows(f"SELECT {counts} FROM {stage} WHERE fate IS NULL")[0]
    if rows < source.least_rows:
        run.report.out_of_bounds.append(
            OutOfBounds(source.table, None, "rows", rows, source.least_rows)
        )
    for column, count in zip(bounded, filled, strict=True):
        if rows and count / rows < column.fill:
            share = round(count / rows, 4)
            run.report.out_of_bounds.append(
                OutOfBounds(source.table, column.name, "fill", share, column.fill)
            )


def _span(run: Run) -> None:
    stage = run.stage("setl_d")
    if stage is None:
        return
    odd = WARNINGS["implausible_date"]
    begin, end = run.rows(
        f"SELECT min(begntime), max(setl_time) FROM {stage} WHERE fate IS NULL AND warn & {odd} = 0"
    )[0]
    assert begin is None or isinstance(begin, datetime)
    run.report.date_from, run.report.date_to = begin, end
