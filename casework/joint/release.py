"""Releases: the owner tells the sides concerned who a blind member is, person by person and field by field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal, get_args

from pydantic import ConfigDict, TypeAdapter, ValidationError

from casework.bundles import SealKeys
from casework.exports.identities import Identities
from casework.joint.blind import Blinder
from casework.joint.errors import NotOurs
from casework.joint.parcels import RELEASE, received, sent
from casework.joint.prepared import Prepared, prepare
from casework.joint.reviews import review
from casework.joint.rings import homes, joint_ring
from casework.joint.wrapping import canonical
from casework.people import Actor
from casework.store import Tx

Field = Literal["name", "certno", "tel", "addr", "bankacct", "code"]
FIELDS: tuple[Field, ...] = get_args(Field)


@dataclass(frozen=True)
class Released:
    """What the side `owner` released of a member, latest values."""

    owner: str
    blind: str
    fields: Mapping[str, str]
    why: str
    at: datetime


def propose_release(
    tx: Tx, keys: SealKeys, actor: Actor, review_id: str, ring: str, own_id: str,
    fields: Iterable[str], identities: Identities, why: str, now: datetime,
) -> Prepared:  # fmt: skip
    """Prepare to tell the other sides with a subject in `ring` the `fields` of our own subject `own_id`.

    Another person decides (`decide_prepared`), then it is sent (`send_prepared`). Raises `NotOurs` for whoever is no
    member we insure, for a field there is none of, and where no other side is concerned.
    """
    found, held = joint_ring(tx, review_id, ring), review(tx, review_id)
    known = identities.of([own_id]).get(own_id, {})
    wanted = tuple(dict.fromkeys(fields))
    missing = [name for name in wanted if name not in FIELDS or not known.get(name)]
    if not wanted or missing:
        raise NotOurs(own_id, f"no {', '.join(missing) or 'field'} to release")
    blind = Blinder(held.key(keys)).patient(known.get("certno"), known["code"])
    if found.members.get(blind) != held.side[:2]:
        raise NotOurs(own_id, "no member of that ring we insure")
    concerned = set(found.members.values())
    to = tuple(side.code for side in held.others if side.code[:2] in concerned)
    if not to:
        raise NotOurs(own_id, "no other side has a subject in that ring")
    content = {
        "ring": ring, "person": blind, "fields": {name: known[name] for name in wanted}, "why": why,
    }  # fmt: skip
    return prepare(tx, keys, actor, review_id, RELEASE, content, why, now, to)


def releases(tx: Tx, keys: SealKeys, review_id: str) -> tuple[Released, ...]:
    """What was released in a review, to us and by us, oldest first.

    Only what the insurer of somebody in a ring we may see says of them counts; anything else that came as a release
    stays in the parcels (`exchanged`) and is not shown here.
    """
    held, insurers = review(tx, review_id), homes(tx, review_id)
    told = [(one.peer, one) for one in received(tx, keys, review_id, RELEASE)]
    told += [(held.side, one) for one in sent(tx, keys, review_id, RELEASE)]
    found: dict[str, Released] = {}
    for owner, one in sorted(told, key=lambda pair: pair[1].no):
        said = _said(one.content)
        if said is not None and insurers.get(said.person) == owner[:2]:
            fields = {str(name): value for name, value in said.fields.items()}
            released = Released(owner, said.person, fields, said.why, one.at)
            found[canonical(one.content).decode()] = released  # to several sides it is one
    return tuple(found.values())


@dataclass(frozen=True)
class _Said:
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    ring: str
    person: str
    fields: Mapping[Field, str]
    why: str


_SAID: TypeAdapter[_Said] = TypeAdapter(_Said)


def _said(content: Mapping[str, Any]) -> _Said | None:
    try:
        return _SAID.validate_json(canonical(content))
    except ValidationError:
        return None
