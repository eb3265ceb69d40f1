"""What `huancha joint` prints: reviews, joint rings, and their members as far as this side may know them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from casework.bundles import seal_keys
from graph.snapshot import current_snapshot
from huancha.commands.output import plain_table, print_json, print_line, print_shown, stdout
from huancha.workspace import open_workspace

if TYPE_CHECKING:
    from casework.joint import JointRing, Review
    from casework.store import Tx


def show_reviews(held: "Sequence[Review]") -> None:
    """One line each."""
    table = plain_table(review="联审", state="状态", until="至", sides="参加方", name="名称")
    for one in held:
        sides = " ".join(
            side.code + ("✓" if side.code in one.accepted else "") for side in one.invitation.sides
        )
        terms = one.invitation.terms
        table.add_row(one.id, one.state, str(terms.until), sides, terms.name)
    stdout.print(table)


def as_json(one: "Review") -> dict[str, object]:
    """A review as JSON takes it."""
    return {
        "id": one.id, "state": one.state, "side": one.side, **vars(one.invitation.terms),
        "sides": {side.code: side.name for side in one.invitation.sides},
        "accepted": sorted(one.accepted),
    }  # fmt: skip


def show_rings(held: "Review", rings: "tuple[JointRing, ...]", json_: bool) -> None:
    """The rings this side may see, as a table or as JSON; members are counted by side, in the order of their codes."""
    if json_:
        print_json([vars(ring) for ring in rings])
        return
    table = plain_table(
        ring="线索", grade="等级", evidence=">证据", co_visits=">共现", expected=">预期",
        explained="解释", members="成员",
    )  # fmt: skip
    for ring in rings:
        homes = list(ring.members.values())
        members = "+".join(str(homes.count(side.code[:2])) for side in held.invitation.sides)
        table.add_row(
            ring.id, ring.grade, f"{ring.evidence:.1f}", str(ring.observed), f"{ring.expected:.2f}",
            " ".join(ring.explanations), members,
        )  # fmt: skip
    stdout.print(table)
    print_shown(len(rings), len(rings))


def show_members(tx: "Tx", path: Path, held: "Review", ring: str, json_: bool) -> None:
    """The members of one: own ones by id, others by side and number, with what was released."""
    from casework import joint

    keys, opened = seal_keys(path), open_workspace(path)
    own = joint.subjects(current_snapshot(path), held, held.key(keys), opened.identities())
    told = {
        one.blind: one.fields for one in joint.releases(tx, keys, held.id) if one.owner != held.side
    }
    rows = [
        {
            "person": own.get(one.blind, "") if one.own else f"{held.name_of(one.side)}参保人 #{one.number}",
            "blind": one.blind,
            "released": dict(told.get(one.blind, {})),
        }
        for one in joint.members(tx, held.id, ring)
    ]  # fmt: skip
    if json_:
        print_json(rows)
        return
    for row in rows:
        print_line(f"{row['person']}  {json.dumps(row['released'], ensure_ascii=False)}")
