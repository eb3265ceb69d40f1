"""Small exports for the loader's tests: rows as text, files in any form."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl

from graph.snapshot import current_snapshot
from loaders.load import load_folder
from loaders.report import LoadReport
from loaders.vault import open_vault

NOW = datetime(2026, 1, 5, 9, 0, 0)
VISIT = {
    "setl_id": "S1",
    "mdtrt_id": "M1",
    "psn_no": "P1",
    "fixmedins_code": "H11010100001",
    "med_type": "11",
    "begntime": "2025-03-01 09:00:00",
    "endtime": "2025-03-01 09:20:00",
    "setl_time": "2025-03-01 09:20:00",
    "atddr_no": "D110101000001",
    "medfee_sumamt": "100.00",
    "fund_pay_sumamt": "70.00",
    "refd_setl_flag": "0",
    "init_setl_id": "",
    "updt_time": "2025-03-01 09:30:00",
}
STAFF = {
    "prac_psn_code": "D110101000001",
    "prac_psn_type": "1",
    "psn_name": "王伟",
    "certno": "",
    "prac_cert_no": "",
    "tel": "",
    "bankacct": "",
    "mul_prac_flag": "0",
}
REGISTRATION = {
    "prac_psn_code": "D110101000001",
    "fixmedins_code": "H11010100001",
    "main_flag": "1",
    "dept_name": "内科",
    "begntime": "2020-01-01",
    "endtime": "",
    "reg_stas": "正常",
    "commit_flag": "1",
}
PERSON = {
    "psn_no": "P1",
    "psn_name": "张三丰",
    "psn_cert_type": "01",
    "certno": "11010119900307889X",
    "gend": "1",
    "brdy": "1990-03-07",
    "tel": "13912345678",
    "live_addr": "幸福路7号院3单元",
    "bankacct": "6222021234567890123",
}

Row = Mapping[str, str]


def visit(number: int = 1, **changes: str) -> dict[str, str]:
    """A settlement of its own, with changes."""
    return {**VISIT, "setl_id": f"S{number}", "mdtrt_id": f"M{number}", **changes}


def csv_text(rows: Sequence[Row], delimiter: str = ",") -> str:
    """Rows as CSV, their keys as the heading; nothing is quoted."""
    lines = [delimiter.join(rows[0]), *(delimiter.join(row.values()) for row in rows)]
    return "\n".join(lines) + "\n"


def write_csv(file: Path, rows: Sequence[Row], encoding: str = "utf-8") -> Path:
    """Write rows as a CSV file, its folder too."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(csv_text(rows), encoding)
    return file


def write_workbook(file: Path, sheets: Mapping[str, Iterable[Sequence[Any]]]) -> Path:
    """Write a workbook of named sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(file)
    book.close()
    return file


def load(folder: Path, workspace: Path, now: datetime = NOW) -> LoadReport:
    """Load a folder at a fixed moment."""
    return load_folder(folder, workspace, now=now)


def query(workspace: Path, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a query over the live snapshot's tables."""
    with current_snapshot(workspace).connect() as connection:
        return connection.execute(sql).fetchall()


def sealed(workspace: Path, table: str) -> list[dict[str, Any]]:
    """Rows of a table of the live snapshot's vault."""
    rows: list[dict[str, Any]] = (
        open_vault(workspace, current_snapshot(workspace).id).table(table).to_pylist()
    )
    return rows


def fates(report: LoadReport, table: str = "setl_d") -> tuple[int, int, int, int]:
    """Rows of a table read, kept, superseded, quarantined."""
    found = report.tables[table]
    return found.read, found.kept, found.superseded, found.quarantined
