"""From numbers to nodes: the properties the tables hold for patients, practitioners, places …"""

from collections.abc import Iterable, Mapping
from typing import Any

from graph.model import Node, short_label
from graph.schema import warnings_in
from graph.store.derive import PATIENT, PLACE, PRACTITIONER, RING, TOKEN, family_of, key_of
from graph.store.ground import Footing, labelled, settled

_TABLES = {
    PATIENT: (
        "patients",
        "SELECT patient AS key, known, gend, birth_year, insu_admdvs, surv_stas, die_date, warn"
        " FROM patients WHERE patient IN (SELECT unnest(?))",
    ),
    PRACTITIONER: (
        "practitioners",
        "SELECT practitioner AS key, profession, multi_site, known, codes, basis, confidence, warn"
        " FROM practitioners WHERE practitioner IN (SELECT unnest(?))",
    ),
    PLACE: (
        "places",
        "SELECT place.place AS key, place.name, place.code, place.level, place.admdvs, place.lnt,"
        " place.lat, place.beds, chain.id AS parent, place.uscc, place.known, place.warn"
        " FROM places place LEFT JOIN places chain ON chain.place = place.parent"
        " WHERE place.place IN (SELECT unnest(?))",
    ),
    TOKEN: (
        "tokens",
        "SELECT token AS key, kind AS token_kind, holders FROM tokens"
        " WHERE token IN (SELECT unnest(?))",
    ),
}
_RINGS = "SELECT * FROM scan_rings WHERE ring IN (SELECT unnest(?))"


def nodes(footing: Footing, ids: Iterable[str]) -> tuple[Node, ...]:
    """The nodes with these ids, in the order asked, each once; unknown ids are left out."""
    asked = list(dict.fromkeys(ids))
    if not asked:
        return ()
    known = footing.numbers(asked)
    kinds = footing.kinds(known)
    properties = footing.ground.read_nodes.all(
        known, lambda new: _properties(footing, {id_: known[id_] for id_ in new})
    )
    by_hand = footing.ground.by_hand
    found = []
    for id_ in asked:
        if id_ not in known:
            continue
        kind, added = kinds[id_], by_hand.nodes.get(id_)
        facts = dict(properties.get(id_, {}))
        label = facts.pop("name", None) or short_label(id_)
        if added and id_ not in properties:
            label = added.label
        node = Node(id_, kind, label, facts)
        found.append(labelled(node, by_hand.states.get(id_), added))
    return tuple(found)


def _properties(footing: Footing, numbers: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    """Properties by id, for those that stand in a table."""
    found: dict[str, dict[str, Any]] = {}
    by_number = {number: id_ for id_, number in numbers.items()}
    for family, (_, sql) in _TABLES.items():
        keys = sorted(key_of(n) for n in by_number if family_of(n) == family)
        for row in _dicts(footing, sql, keys) if keys else ():
            id_ = by_number[(family << 32) + row.pop("key")]
            warned = warnings_in(row.pop("warn", None) or 0)
            found[id_] = settled({**row, "warnings": warned or None})
    rings = sorted(id_ for id_, number in numbers.items() if family_of(number) == RING)
    for row in _dicts(footing, _RINGS, rings) if rings else ():
        ring = row.pop("ring")
        found[ring] = settled(row)
    return found


def _dicts(footing: Footing, sql: str, keys: list[Any]) -> Iterable[dict[str, Any]]:
    cursor = footing.connection.execute(sql, [keys])
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
