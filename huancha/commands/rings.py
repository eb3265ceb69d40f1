"""`huancha rings` and `huancha show`: what the latest scan found."""

import csv
import sys
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.table import Table

from graph.errors import NoRing, NoScan
from graph.results import RingRow, Scan
from huancha.commands.options import JsonOption, WorkspaceOption, workspace_path
from huancha.commands.output import print_json, stdout
from huancha.workspace import Workspace, open_workspace


class Format(StrEnum):
    """How `rings` prints."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


CSV_HEADINGS = ("ring", "rank", "score", "grade", "motifs", "entity", "kind", "role", "core")


def rings(
    ctx: typer.Context,
    workspace: WorkspaceOption = None,
    format_: Annotated[Format, typer.Option("--format", help="table, csv or json.")] = Format.TABLE,
    codes: Annotated[
        bool, typer.Option("--codes", help="Platform codes instead of blind ids: opens the vault.")
    ] = False,
    limit: Annotated[int | None, typer.Option(help="Only the first N rings.")] = None,
    json_: JsonOption = False,
) -> None:
    """List the rings of the latest scan, rank 1 first.

    Example: huancha rings --format csv --codes > rings.csv
    """
    opened = open_workspace(workspace_path(ctx, workspace))
    scan = _latest(opened)
    shape = Format.JSON if json_ else format_
    if shape is Format.TABLE:
        if limit is None:
            limit = 20
        _print_table(scan, limit)
        return
    shown = scan.rings(limit=limit).items
    names = _names(opened, scan, shown, codes)
    if shape is Format.JSON:
        print_json([_ring_json(scan, ring, names) for ring in shown])
    else:
        _print_csv(scan, shown, names)


def show(
    ctx: typer.Context,
    ring: Annotated[str, typer.Argument(help="A ring's id, or its rank in the latest scan.")],
    workspace: WorkspaceOption = None,
    codes: Annotated[
        bool, typer.Option("--codes", help="Platform codes: opens the vault.")
    ] = False,
    json_: JsonOption = False,
) -> None:
    """One ring: the sentence, the members with their roles, the dated evidence.

    Example: huancha show 1
    """
    opened = open_workspace(workspace_path(ctx, workspace))
    scan = _latest(opened)
    row = _ring(scan, ring)
    names = _names(opened, scan, [row], codes)
    if json_:
        print_json(
            _ring_json(scan, row, names)
            | {"evidence": [vars_of(e) for e in scan.evidence(row.ring)]}
        )
        return
    stdout.print(
        f"[bold]{row.ring}[/]  rank {row.rank}  grade {row.grade}  {', '.join(row.motifs)}"
    )
    stdout.print(row.sentence_zh)
    stdout.print(row.sentence_en)
    table = Table("entity", "kind", "role", "core", "visits", "fund 元")
    for member in scan.members(row.ring):
        table.add_row(
            names.get(member.id, member.id), member.kind, member.role,
            "●" if member.core else "○", str(member.visits), f"{member.fund / 100:,.2f}",
        )  # fmt: skip
    stdout.print(table)
    for item in scan.evidence(row.ring):
        stdout.print(f"{item.no:>3}  {item.at}  {item.note_zh}", markup=False)


def _ring(scan: Scan, asked: str) -> RingRow:
    found = scan.ring(asked)
    if asked.isdigit():
        found = next(iter(scan.rings(limit=1, offset=int(asked) - 1).items), None)
    if found is None:
        raise NoRing(asked)
    return found


def _latest(workspace: Workspace) -> Scan:
    scan = workspace.scan()
    if scan is None:
        raise NoScan(workspace.path)
    return scan


def _names(
    workspace: Workspace, scan: Scan, shown: Sequence[RingRow], codes: bool
) -> dict[str, str]:
    if not codes:
        return {}
    members = scan.all_members()
    return workspace.codes(m.id for ring in shown for m in members.get(ring.ring, ()))


def _print_csv(scan: Scan, shown: Sequence[RingRow], names: dict[str, str]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(CSV_HEADINGS)
    members = scan.all_members()
    for ring in shown:
        for m in members.get(ring.ring, ()):
            writer.writerow([
                ring.ring, ring.rank, f"{ring.score:.6g}", ring.grade, ";".join(ring.motifs),
                names.get(m.id, m.id), m.kind, m.role, int(m.core),
            ])  # fmt: skip


def _ring_json(scan: Scan, ring: RingRow, names: dict[str, str]) -> dict[str, Any]:
    members = [vars_of(m) | {"entity": names.get(m.id, m.id)} for m in scan.members(ring.ring)]
    for member in members:
        member.pop("key")
    return vars_of(ring) | {"members": members}


def vars_of(row: Any) -> dict[str, Any]:
    """A frozen row as a dictionary, fields in their order."""
    return {name: getattr(row, name) for name in row.__dataclass_fields__}


def _day(moment: datetime | None) -> str:
    return "–" if moment is None else f"{moment:%Y-%m-%d}"


def _print_table(scan: Scan, limit: int) -> None:
    shown = scan.rings(limit=limit)
    table = Table(
        "rank",
        "ring",
        "grade",
        "score",
        "motifs",
        "patients",
        "places",
        "fund 万元",
        "first",
        "last",
    )
    for r in shown.items:
        table.add_row(
            str(r.rank), r.ring, r.grade, f"{r.score:.3g}", ", ".join(r.motifs), str(r.patients),
            str(r.places), f"{r.fund / 1_000_000:,.2f}", _day(r.first), _day(r.last),
        )  # fmt: skip
    stdout.print(table)
    stdout.print(
        f"显示 {len(shown.items)} / {shown.total}  shown {len(shown.items)} of {shown.total}"
    )
