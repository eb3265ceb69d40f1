"""实体档案: one person, place or shared value – who, how much, with whom, where registered."""

from dashboards import opened as reads
from dashboards.blocks.profile_credit import profile_credit
from dashboards.blocks.profile_head import choose_entity, profile_head
from dashboards.blocks.profile_identity import identity
from dashboards.blocks.profile_links import links, months, rings
from dashboards.blocks.profile_practice import practice
from dashboards.blocks.profile_registrations import registrations
from dashboards.frame import render_with_snapshot
from dashboards.opened import Opened, key_of
from graph.model import NodeKind

REGISTERED = (NodeKind.PRACTITIONER, NodeKind.FACILITY, NodeKind.PHARMACY)


def show(opened: Opened) -> None:
    """Head, rings, what the kind of entity has, links."""
    key = key_of(opened)
    node = choose_entity(key)
    if node is None:
        return
    found = reads.entity(key, node.id)
    leads, measured = reads.standing(key, node.id)
    profile_head(node, found, key.snapshot)
    identity(key, node)
    rings(leads, key.scan)
    if node.kind in REGISTERED:
        profile_credit(node)
    if node.kind is NodeKind.PRACTITIONER:
        practice(measured, key.scan)
    if found and node.kind in REGISTERED:
        registrations(found)
    if found:
        months(found, key.snapshot)
    links(key, node)


render_with_snapshot("nav.profile", show)
