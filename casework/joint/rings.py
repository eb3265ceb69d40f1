"""Joint rings as this side sees them: assembled from every part it holds, shown where it has a subject of its own."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from casework import audit
from casework.bundles import SealKeys
from casework.joint.assembly import JointRing, assemble
from casework.joint.errors import NoJointRing
from casework.joint.parcels import PART, received, sent
from casework.joint.reviews import Review, active, review
from casework.joint.told import Part, part_from
from casework.joint.wrapping import canonical
from casework.people import Actor
from casework.sql import func, insert, select
from casework.store import Tx
from casework.store.joint_tables import JOINT_ASSEMBLIES, JOINT_RINGS
from graph.schema import Grade


@dataclass(frozen=True)
class Assembly:
    """One assembly: by side the digest of the part used, how many rings all sides have, and the digest of them all, which
    is the same on every side that holds the same parts."""

    no: int
    review: str
    parts: Mapping[str, str]
    found: int
    digest: str
    at: datetime
    actor: str


@dataclass(frozen=True)
class Member:
    """A person of a joint ring: `side` insures them, `number` counts its persons in the ring, the same on all sides.

    A screen shows whoever is not `own` as `<side>参保人 #<number>` until their owner releases them.
    """

    blind: str
    side: str
    number: int
    own: bool


def parts(tx: Tx, keys: SealKeys, found: Review) -> dict[str, tuple[str, Part]]:
    """By side its latest part, and the SHA-256 of what it says; raises `BadPart`."""
    told = [(found.side, one.content) for one in sent(tx, keys, found.id, PART)]
    told += [(one.peer, one.content) for one in received(tx, keys, found.id, PART)]
    return {
        code: (hashlib.sha256(canonical(content)).hexdigest(), part_from(content, found, code))
        for code, content in sorted(dict(told).items())
    }


def assemble_review(
    tx: Tx, keys: SealKeys, actor: Actor, review_id: str, now: datetime
) -> Assembly:
    """Assemble the parts held now and keep the rings this side may see; raises `NotOpen`, `BadPart`."""
    found = active(tx, actor, review_id)
    held = parts(tx, keys, found)
    rings = assemble({code: part for code, (_, part) in held.items()}, found.key(keys))
    digest = hashlib.sha256(canonical({"rings": [asdict(ring) for ring in rings]})).hexdigest()
    no = (tx.execute(select(func.max(JOINT_ASSEMBLIES.c.no))).scalar() or 0) + 1
    used = {code: told for code, (told, _) in held.items()}
    row = {
        "no": no, "review": review_id, "parts": json.dumps(used), "found": len(rings),
        "digest": digest, "at": now, "actor": actor.name,
    }  # fmt: skip
    tx.execute(insert(JOINT_ASSEMBLIES).values(row))
    own = [ring for ring in rings if found.side[:2] in ring.members.values()]
    if own:
        tx.execute(insert(JOINT_RINGS), [_row(no, ring) for ring in own])
    facts = {"parts": used, "found": len(rings), "shown": len(own), "digest": digest}
    audit.append(tx, actor, "joint.assemble", review_id, "assembled", now, facts=facts)
    return Assembly(no, review_id, used, len(rings), digest, now, actor.name)


def assembly(tx: Tx, review_id: str) -> Assembly | None:
    """The latest assembly of a review, None before the first."""
    newest = (
        select(JOINT_ASSEMBLIES)
        .where(JOINT_ASSEMBLIES.c.review == review_id)
        .order_by(JOINT_ASSEMBLIES.c.no.desc())
        .limit(1)
    )
    row = tx.execute(newest).mappings().first()
    return None if row is None else Assembly(**dict(row) | {"parts": json.loads(row["parts"])})


def joint_rings(tx: Tx, review_id: str) -> tuple[JointRing, ...]:
    """The rings of the latest assembly that hold a subject of this side's own, strongest first."""
    latest = assembly(tx, review_id)
    if latest is None:
        return ()
    rows = tx.execute(
        select(JOINT_RINGS.c.content)
        .where(JOINT_RINGS.c.assembly == latest.no)
        .order_by(JOINT_RINGS.c.evidence.desc(), JOINT_RINGS.c.ring)
    )
    return tuple(_ring(json.loads(content)) for (content,) in rows)


def joint_ring(tx: Tx, review_id: str, ring: str) -> JointRing:
    """One ring of the latest assembly; raises `NoJointRing` where this side has no subject in it."""
    found = next((one for one in joint_rings(tx, review_id) if one.id == ring), None)
    if found is None:
        raise NoJointRing(ring)
    return found


def members(tx: Tx, review_id: str, ring: str) -> tuple[Member, ...]:
    """Who is in a ring this side may see: its own first, then by side and number; raises `NoJointRing`."""
    found, held = joint_ring(tx, review_id, ring), review(tx, review_id)
    codes = {side.code[:2]: side.code for side in held.invitation.sides}
    numbers: Counter[str] = Counter()
    listed = []
    for blind, province in sorted(found.members.items()):
        code = codes[province]
        numbers[code] += 1
        listed.append(Member(blind, code, numbers[code], code == held.side))
    return tuple(sorted(listed, key=lambda one: (not one.own, one.side, one.number)))


def homes(tx: Tx, review_id: str) -> dict[str, str]:
    """By blind id the insurer's province of everybody who was ever in a ring this side may see."""
    rows = tx.execute(
        select(JOINT_RINGS.c.content)
        .join(JOINT_ASSEMBLIES, JOINT_ASSEMBLIES.c.no == JOINT_RINGS.c.assembly)
        .where(JOINT_ASSEMBLIES.c.review == review_id)
        .order_by(JOINT_ASSEMBLIES.c.no)
    )
    return {k: v for (content,) in rows for k, v in json.loads(content)["members"].items()}


def _row(assembly_no: int, ring: JointRing) -> dict[str, Any]:
    return {
        "assembly": assembly_no, "ring": ring.id, "grade": ring.grade, "evidence": ring.evidence,
        "content": canonical(asdict(ring)).decode(),
    }  # fmt: skip


def _ring(content: dict[str, Any]) -> JointRing:
    lists = {name: tuple(content[name]) for name in ("sides", "explanations")}
    return JointRing(**content | lists | {"grade": Grade(content["grade"])})
