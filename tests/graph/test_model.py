"""The words of the graph."""

from dataclasses import FrozenInstanceError

import pytest

from graph.ids import Prefix, blind_id
from graph.model import Edge, EdgeKind, Node, NodeKind, Path, SharedToken, Shown, short_label


def test_an_id_tells_its_kind():
    for prefix in Prefix:
        id_ = blind_id(b"key", prefix, "code")
        assert NodeKind.of(id_) == prefix.name.lower()
    assert NodeKind.of("zz_abc") is None
    assert NodeKind.of("") is None


def test_an_edge_weighs_what_its_kind_is_weighed_by():
    visits = Edge(EdgeKind.VISITED, "pt_a", "fa_b", {"visits": 3, "fund": 900})
    assert visits.weight == 3
    assert visits.key == (EdgeKind.VISITED, "pt_a", "fa_b")
    assert Edge(EdgeKind.KIN_OF, "pt_a", "pt_b").weight == 1
    assert Edge(EdgeKind.CO_VISITED, "pt_a", "pt_b", {"visits": 9}).weight == 0


def test_shown_says_how_much_was_left_out():
    cut = Shown((1, 2), 5)
    assert (list(cut), len(cut), cut.total, cut.cut) == ([1, 2], 2, 5, True)
    assert not Shown((1, 2), 2).cut
    assert not Shown((), 0).cut


def test_hops_are_edges_not_nodes():
    assert Path(("pt_a",)).hops == 0
    assert Path(("pt_a", "fa_b", "pt_c")).hops == 2


def test_holders_add_up():
    token = Node("tk_a", NodeKind.TOKEN, "a")
    assert SharedToken(token, {NodeKind.PATIENT: 3, NodeKind.FACILITY: 1}).total == 4


def test_people_are_shown_by_the_end_of_their_id():
    assert (
        short_label(blind_id(b"key", Prefix.PATIENT, "P1"))
        == blind_id(b"key", Prefix.PATIENT, "P1").removeprefix("pt_")[14:]
    )


def test_values_cannot_be_changed():
    node = Node("pt_a", NodeKind.PATIENT, "a")
    with pytest.raises(FrozenInstanceError):
        node.label = "b"
