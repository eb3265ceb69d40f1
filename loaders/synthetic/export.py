"""The folder an office sends: which table goes into which file, and in which form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.synthetic import dirt
from loaders.synthetic.settings import Dirt
from loaders.synthetic.writing import Form, csv_bytes, write_csv, write_parquet, write_workbook

Layout = Literal["csv", "mixed"]
_PROVINCE_FILE_ROWS = 5_000
# Settlement months in the mixed layout: the form of each file, by turns.
_MIXED = (
    Form(mark=True, upper=True),
    Form(zipped=True, delimiter="\t", aliases={"atddr_no": "bilg_dr_codg"}),
    Form(encoding="gb18030"),
    Form(aliases={"atddr_no": "chfpdr_code"}),
)
_PATIENTS = Form(
    encoding="gb18030", aliases={"psn_name": "name", "certno": "cert_no", "tel": "mob"}
)


@dataclass(slots=True)
class TableCount:
    """Rows by the fate a loader must give them: rows = kept, superseded, broken."""

    rows: int = 0
    superseded: int = 0
    broken: int = 0


@dataclass(slots=True)
class Folder:
    """Writes tables into a folder and counts what it wrote."""

    path: Path
    layout: Layout
    dirt: Dirt
    rng: np.random.Generator
    counts: dict[str, TableCount] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    corrected: list[pa.Table] = field(default_factory=list)

    def settlements(self, table: pa.Table, month: int) -> None:
        """One month of `setl_d`; corrections are kept for a file of their own."""
        count = self.counts.setdefault("setl_d", TableCount())
        count.rows += table.num_rows
        if not table.num_rows:
            return
        table = dirt.local_codes(self.rng, table, self.dirt.local_codes)
        if self.dirt.superseded > 0:
            self.corrected.append(dirt.corrections(self.rng, table, self.dirt.superseded))
            count.superseded += self.corrected[-1].num_rows
        table, twice = dirt.repeated(self.rng, table, self.dirt.repeated)
        count.superseded += twice
        lines = self._broken(table, count, "setl_id", "medfee_sumamt", "setl_time")
        name = f"setl_d__2025-{month + 1:02d}"
        if self.layout == "mixed":
            self._mixed(table, lines, name, month)
        else:
            self._csv(f"{name}.csv", table, Form(), lines)

    def _broken(
        self, table: pa.Table, count: TableCount, key: str, amount: str = "", time: str = ""
    ) -> list[list[str]]:
        lines = dirt.broken(self.rng, table, self.dirt.broken, key, amount, time)
        count.broken += len(lines)
        return lines

    def _mixed(
        self, table: pa.Table, lines: Sequence[Sequence[str]], name: str, month: int
    ) -> None:
        if month == 11:
            tianjin = pc.starts_with(table["fix_blng_admdvs"], "12")
            sheet = table.filter(tianjin).slice(0, _PROVINCE_FILE_ROWS)
            rest = table.filter(tianjin).slice(_PROVINCE_FILE_ROWS)
            note = pa.array(["手工补录，“含引号”, 逗号"] * sheet.num_rows, pa.string())
            sheet = sheet.append_column("remark", note) if self.dirt.unknown_column else sheet
            self._workbook("setl_d__天津.xlsx", {"Sheet1": sheet})
            table = pa.concat_tables([table.filter(pc.invert(tianjin)), rest]).combine_chunks()
        elif month % 5 == 4:
            # A typed file cannot hold an unreadable number; its broken rows come as text beside it.
            self.files.append(f"{name}.parquet")
            write_parquet(self.path / f"{name}.parquet", table)
            self._csv(f"{name}-b.csv", table.slice(0, 0), Form(), lines)
            return
        form = _MIXED[month % len(_MIXED)]
        if form.upper and self.dirt.unknown_column:
            mark = pa.array(["x"] * table.num_rows, pa.string())
            table = table.append_column("未知列", mark)
            lines = [[*line, "x"] if len(line) == table.num_columns - 1 else line for line in lines]
        self._csv(f"{name}.csv{'.gz' if form.zipped else ''}", table, form, lines)

    def fees(self, table: pa.Table, month: int) -> None:
        """One month of `fee_list_d`."""
        count = self.counts.setdefault("fee_list_d", TableCount())
        count.rows += table.num_rows
        lines = self._broken(table, count, "feedetl_sn")
        zipped = self.layout == "mixed"
        name = f"fee_list_d__2025-{month + 1:02d}.csv{'.gz' if zipped else ''}"
        self._csv(name, table, Form(zipped=zipped), lines)

    def patients(self, tables: Sequence[pa.Table]) -> None:
        """`psn_info_b`, from one or more pieces."""
        form = _PATIENTS if self.layout == "mixed" else Form()
        count = self.counts.setdefault("psn_info_b", TableCount())
        content = b""
        for turn, piece in enumerate(tables):
            table = dirt.bad_checks(self.rng, piece, self.dirt.bad_check)
            count.rows += table.num_rows
            lines: list[list[str]] = []
            if turn == 0:
                table, twice = dirt.repeated(self.rng, table, self.dirt.repeated)
                count.superseded += twice
                lines = self._broken(table, count, "psn_no")
            part = csv_bytes(table, form, lines)
            content = part if not content else content + part.split(b"\n", 1)[1]
        self.files.append("psn_info_b.csv")
        (self.path / "psn_info_b.csv").write_bytes(content)

    def masters(self, tables: Mapping[str, pa.Table]) -> None:
        """The small tables: a CSV each, or some in one workbook."""
        sheets = {}
        for name, table in tables.items():
            self.counts[name] = TableCount(table.num_rows)
            if self.layout == "csv":
                self._csv(f"{name}.csv", table)
            elif name == "mnl_reim_d":
                self.files.append("MNL_REIM_D.parquet")
                write_parquet(self.path / "MNL_REIM_D.parquet", table)
            elif name == "prac_psn_b":
                renamed = ["dr_name" if c == "psn_name" else c for c in table.column_names]
                sheets[name] = table.rename_columns(renamed)
            elif name == "prac_reg_d":
                sheets[name] = table
            else:
                self._csv(f"{name}.csv", table)
        if sheets:
            self._workbook("机构报送.xlsx", sheets)

    def close(self) -> None:
        """The corrections, and the note that is no table."""
        if self.corrected:
            table = pa.concat_tables(self.corrected).combine_chunks()
            self._csv("setl_d__zz更正.csv", table)
        if self.dirt.note:
            (self.path / "说明.txt").write_text(
                "本文件夹由合成世界生成，不含真实个人信息。\n", encoding="utf-8"
            )
            self.files.append("说明.txt")

    def _csv(
        self,
        name: str,
        table: pa.Table,
        form: Form | None = None,
        lines: Sequence[Sequence[str]] = (),
    ) -> None:
        self.files.append(name)
        write_csv(self.path / name, table, form or Form(), lines)

    def _workbook(self, name: str, sheets: Mapping[str, pa.Table]) -> None:
        self.files.append(name)
        write_workbook(self.path / name, sheets)
