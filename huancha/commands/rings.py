"""`huancha rings` and `huancha show`: what the latest scan found."""

import csv
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from io import StringIO
from typing import Annotated, Any

import typer
from rich.table import Table

from graph.errors import NoRing, NoScan
from graph.results import EvidenceRow, MemberRow, RingRow, Scan
from huancha.commands.options import JsonOption, LimitOption, WorkspaceOption, workspace_path
from huancha.commands.output import (
    plain_table,
    print_json,
    print_line,
    print_shown,
    stdout,
    write,
)
from huancha.workspace import Workspace, open_workspace


class Format(StrEnum):
    """How `rings` prints."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


CSV_HEADINGS = ("ring", "rank", "score", "grade", "motifs", "entity", "kind", "role", "core")
SHOWN = 20
WIDE = 108
"""Columns of a terminal from which on the ring table shows score and dates."""

CodesOption = Annotated[
    bool, typer.Option("--codes", help="Platform codes instead of blind ids: opens the vault.")
]


def rings(
    ctx: typer.Context,
    workspace: WorkspaceOption = None,
    format_: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
    codes: CodesOption = False,
    limit: LimitOption = None,
    json_: JsonOption = False,
) -> None:
    """List the rings of the latest scan, rank 1 first.

    CSV and JSON give every member. The table gives the first 20 rings, or as many as --limit says.

    Example: huancha rings --format csv --codes > rings.csv
    """
    opened = open_workspace(workspace_path(ctx, workspace))
    scan = _latest(opened)
    shape = Format.JSON if json_ else format_
    if shape is Format.TABLE:
        shown = scan.rings(limit=limit or SHOWN)
        stdout.print(_ring_table(shown.items, wide=stdout.width >= WIDE))
        print_shown(len(shown.items), shown.total)
        return
    found = scan.rings(limit=limit).items
    members = scan.all_members()
    entities = _entities(opened, found, members, codes)
    if shape is Format.JSON:
        print_json([_ring_json(ring, members.get(ring.ring, ()), entities) for ring in found])
    else:
        _write_csv(found, members, entities)


def show(
    ctx: typer.Context,
    ring: Annotated[
        str, typer.Argument(metavar="RING", help="A ring's id, or its rank in the latest scan.")
    ],
    workspace: WorkspaceOption = None,
    codes: CodesOption = False,
    json_: JsonOption = False,
) -> None:
    """One ring: the sentence, the members with their roles, the dated evidence.

    Example: huancha show 1
    """
    opened = open_workspace(workspace_path(ctx, workspace))
    scan = _latest(opened)
    row = _ring(scan, ring)
    members = scan.members(row.ring)
    entities = _entities(opened, [row], {row.ring: members}, codes)
    evidence = scan.evidence(row.ring)
    if json_:
        dated = _evidence_json(opened, evidence, codes)
        print_json(_ring_json(row, members, entities) | {"evidence": dated})
        return
    print_line(f"{row.ring}  第 {row.rank} 位 rank  {row.grade} 级 grade  {', '.join(row.motifs)}")
    print_line(row.sentence_zh)
    print_line(row.sentence_en)
    stdout.print(_member_table(members, entities))
    for item in evidence[:SHOWN]:
        moment = f"{item.at:%Y-%m-%d %H:%M}" if item.at else "–"
        print_line(f"{item.no:>3}  {moment:<16}  {item.note_zh}")
    print_shown(min(SHOWN, len(evidence)), len(evidence))


def _ring(scan: Scan, asked: str) -> RingRow:
    found = scan.ring(asked)
    if found is None and asked.isdecimal() and int(asked) > 0:
        found = next(iter(scan.rings(limit=1, offset=int(asked) - 1).items), None)
    if found is None:
        raise NoRing(asked)
    return found


def _latest(workspace: Workspace) -> Scan:
    scan = workspace.scan()
    if scan is None:
        raise NoScan(workspace.path)
    return scan


def _entities(
    workspace: Workspace,
    found: Sequence[RingRow],
    members: Mapping[str, Sequence[MemberRow]],
    codes: bool,
) -> dict[str, str]:
    """What members are called: the platform code behind an id, or the id itself."""
    ids = {member.id: member.id for ring in found for member in members.get(ring.ring, ())}
    return ids | workspace.codes(ids) if codes else ids


def _write_csv(
    found: Sequence[RingRow],
    members: Mapping[str, Sequence[MemberRow]],
    entities: Mapping[str, str],
) -> None:
    page = StringIO()
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow(CSV_HEADINGS)
    for ring in found:
        for m in members.get(ring.ring, ()):
            writer.writerow([
                ring.ring, ring.rank, f"{ring.score:.6g}", ring.grade, ";".join(ring.motifs),
                entities[m.id], m.kind, m.role, int(m.core),
            ])  # fmt: skip
    write(page.getvalue())


def _ring_json(
    ring: RingRow, members: Sequence[MemberRow], entities: Mapping[str, str]
) -> dict[str, Any]:
    listed = [vars(m) | {"entity": entities[m.id]} for m in members]
    for member in listed:
        del member["key"], member["ring"]
    return vars(ring) | {"members": listed}


def _evidence_json(
    workspace: Workspace, evidence: Sequence[EvidenceRow], codes: bool
) -> list[dict[str, Any]]:
    """Evidence with ids (or codes) in the place of machine keys."""
    patients = workspace.ids("patients", (key for item in evidence for key in item.members))
    places = workspace.ids("places", (item.place for item in evidence if item.place is not None))
    ids = [*patients.values(), *places.values()]
    entities = {id_: id_ for id_ in ids} | (workspace.codes(ids) if codes else {})
    listed = []
    for item in evidence:
        facts = dict(vars(item))
        facts["members"] = [entities[patients[key]] for key in item.members]
        facts["place"] = None if item.place is None else entities[places[item.place]]
        del facts["ring"]
        listed.append(facts)
    return listed


def _day(moment: datetime | None) -> str:
    return "–" if moment is None else f"{moment:%Y-%m-%d}"


def _ring_table(found: Sequence[RingRow], *, wide: bool) -> Table:
    """Ranked rings; a narrow table leaves out score and dates."""
    more = {"score": ">分数", "first": "起", "last": "止"} if wide else {}
    table = plain_table(
        rank=">位次", ring="团伙线索", grade="等级", people=">人员", places=">机构",
        fund=">基金万元", **more, motifs="模式",
    )  # fmt: skip
    for r in found:
        people = f"{r.patients}+{r.practitioners}" if r.practitioners else str(r.patients)
        extra = [f"{r.score:.3g}", _day(r.first), _day(r.last)] if wide else []
        table.add_row(
            str(r.rank), r.ring, r.grade, people, str(r.places), f"{r.fund / 1_000_000:,.2f}",
            *extra, ", ".join(r.motifs),
        )  # fmt: skip
    return table


def _member_table(members: Sequence[MemberRow], entities: Mapping[str, str]) -> Table:
    table = plain_table(
        entity="成员", kind="类", core="核心", visits=">就诊", fund=">基金元", role="角色"
    )
    for m in members:
        table.add_row(
            entities[m.id], m.kind, "●" if m.core else "○", f"{m.visits:,}",
            f"{m.fund / 100:,.2f}", m.role,
        )  # fmt: skip
    return table
