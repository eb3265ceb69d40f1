"""Content made fit for a recipient: the one place where names come in, and where all else is made coarse."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import networkx as nx

from casework.exports.coarse import coarse_ring
from casework.exports.content import Content, Decided, Decision, Network
from casework.exports.identities import Identities
from casework.exports.profiles import Identity, Profile
from casework.exports.rounding import Rounding
from graph.store.base import Graph

MASK = "••••••"
"""What the screen shows in place of a value the vault holds."""
UNTITLED = "网络"


def dressed(content: Content, profile: Profile, identities: Identities, key: bytes) -> Content:
    """`content` as the recipient of `profile` may have it.

    `key` is the export's own secret (32 bytes), used where ids are made anew: the same key gives the
    same ids. Raises what `identities` raises, which is asked only where the profile says so.
    """
    held: Mapping[str, Mapping[str, str]] = {}
    if profile.identity is not Identity.NONE:
        held = identities.of(ids_in(content))
    if profile.identity is Identity.MASKED:
        held = {id_: dict.fromkeys(fields, MASK) for id_, fields in held.items()}
    rounding = Rounding(profile, key)
    network = _network(content.network, held, profile, rounding)
    decided = _decided(content.decided, profile, rounding) if content.decided else None
    if profile.keeps is None:
        return replace(content, network=network, decided=decided, identities=held)
    rings = tuple(coarse_ring(ring, rounding) for ring in content.rings)
    return Content(network, rings, decided)


def ids_in(content: Content) -> Iterable[str]:
    """Every id an export of `content` names."""
    yield from content.network.graph
    if content.decided:
        yield from filter(None, (one.on for one in content.decided.decisions))
    for ring in content.rings:
        yield from (member.id for member in ring.members)
        for finding in ring.findings:
            yield from finding.members
            yield from filter(None, [finding.place])
        for one in ring.settlements:
            yield from filter(None, [one.patient, one.place, one.practitioner])


def _network(
    network: Network, held: Mapping[str, Mapping[str, str]], profile: Profile, rounding: Rounding
) -> Network:
    graph: Graph = nx.MultiDiGraph()
    for node, properties in network.graph.nodes(data=True):
        known = held.get(node, {})
        facts = {**rounding.properties(properties), **known}
        facts["label"] = properties["label"]
        if profile.identity is Identity.CLEAR:
            facts["label"] = known.get("name") or known.get("value") or properties["label"]
        elif profile.keeps is not None:
            facts["label"] = rounding.id(node)[-6:]
        graph.add_node(rounding.id(node))
        graph.nodes[rounding.id(node)].update(facts)
    for source, target, key, properties in network.graph.edges(keys=True, data=True):
        ends = rounding.id(source), rounding.id(target), key
        graph.add_edge(*ends)
        graph.edges[ends].update(rounding.properties(properties))
    if profile.keeps is None:
        return replace(network, graph=graph)
    kept = {name: text for name, text in network.provenance.items() if name in _SAID_TO_ALL}
    return Network(graph, UNTITLED, network.total, kept)


_SAID_TO_ALL = ("seed", "parameters", "version")


def _decided(decided: Decided, profile: Profile, rounding: Rounding) -> Decided:
    decisions = tuple(_decision(one, profile, rounding) for one in decided.decisions)
    if profile.keeps is None:
        return replace(decided, decisions=decisions)
    return replace(decided, case="", at=rounding.time(decided.at), decisions=decisions)


def _decision(one: Decision, profile: Profile, rounding: Rounding) -> Decision:
    """Officials are named where members are; free text goes where it goes elsewhere."""
    if profile.identity is Identity.CLEAR:
        return one
    name = MASK if profile.identity is Identity.MASKED else None
    by = tuple(replace(hand, name=name) for hand in one.by)
    if profile.keeps is None:
        return replace(one, by=by)
    return replace(
        one,
        on=rounding.id(one.on) if one.on else None,
        at=rounding.time(one.at),
        first=rounding.time(one.first),
        last=rounding.time(one.last),
        by=by,
        documents=(),
        law=None,
    )
