"""Parts made by hand, and an office that sends one."""

from casework import joint
from tests.casework.joint_sides import TERMS


def person(name):
    """A blind id that reads like `name`."""
    return f"jp_{name:a<20}"


def part(side, homes, pairs, tokens=(), visits=20):
    """A part of `side`: insurer's province by short name, pairs of names with co-visits, tokens by kind and holders."""
    names = sorted(homes, key=person)
    at = {name: n for n, name in enumerate(names)}
    return {
        "format": 1, "side": side, "first": TERMS.first.isoformat(), "last": TERMS.last.isoformat(),
        "rate": 0.0004,
        "persons": [[person(n), homes[n], visits] for n in names],
        "pairs": sorted([*sorted((at[a], at[b])), x, 0.01, 1, "2025-03", "2025-05"] for a, b, x in pairs),
        "tokens": [[f"jt_{kind:a<20}", kind, sorted(at[n] for n in who)] for kind, who in tokens],
    }  # fmt: skip


def send_part(one, review, content):
    """Prepared by the liaison, let go by the second person, in the post."""
    made = one.do(
        joint.prepare, one.keys, one.liaison, review, "part", content, "报送联审数据", one.now()
    )
    one.let_go(joint.decide_prepared, made.proposal.no)
    return one.do(joint.send_prepared, one.keys, one.liaison, made.proposal.no, one.now())


def assembled(one, review):
    """The assembly of this office, and the rings it may see."""
    made = one.do(joint.assemble_review, one.keys, one.liaison, review, one.now())
    with one.store.read() as tx:
        return made, joint.joint_rings(tx, review)
