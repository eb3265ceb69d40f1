"""The canvas's contract: what goes in and what comes back, read strictly both ways."""

import json
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from casework.exports.look import EDGES, NODES
from dashboards import document
from dashboards.canvas.contract import (
    MOST_NODES,
    Canvas,
    CanvasEdge,
    CanvasNode,
    CanvasView,
    Filters,
    Grouping,
)
from dashboards.canvas.events import MOST_EXPANDED, Selection, events_of
from dashboards.canvas.look import DARK, LIGHT, Theme
from dashboards.canvas.strict import CanvasError
from dashboards.texts import TEXTS
from graph.model import EdgeKind, NodeKind

VIEW = CanvasView(
    positions={"a": (1.5, -2.0)},
    pins=("a",),
    hidden=("b",),
    grouping=Grouping.PLACE,
    opened=("康健医院",),
    merged=True,
    filters=Filters(("token",), ("HOLDS",), date(2025, 3, 1), None),
    zoom=1.25,
    pan=(3.0, 4.0),
    undo=7,
)


def canvas(**changes: Any) -> Canvas:
    nodes = [CanvasNode("a", "patient", "aaaaaa", x=1.0, y=2.0), CanvasNode("b", "facility", "院")]
    edges = [CanvasEdge("e", "a", "b", "VISITED", count=3, fund=120_00, first=date(2025, 3, 1))]
    facts: dict[str, Any] = {"nodes": nodes, "edges": edges, "total": 9, "title": "t", "date": "d"}
    return Canvas(**facts | changes)


def test_what_the_browser_gets_is_plain_json_without_defaults() -> None:
    told = json.loads(json.dumps(canvas(view=VIEW).to_json()))
    assert told["nodes"][0] == {"id": "a", "kind": "patient", "label": "aaaaaa", "x": 1.0, "y": 2.0}
    assert told["edges"][0]["first"] == "2025-03-01"
    assert "last" not in told["edges"][0]
    assert CanvasView.from_json(told["view"]) == VIEW


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"total": 1}, "total"),
        ({"nodes": [CanvasNode("a", "patient", "1")] * 2, "edges": []}, "nodes"),
        ({"edges": [CanvasEdge("e", "a", "z", "VISITED")]}, "edge e"),
        ({"edges": [CanvasEdge("a", "a", "b", "VISITED")]}, "edges"),
        (
            {
                "nodes": [CanvasNode(str(n), "patient", "1") for n in range(MOST_NODES + 1)],
                "edges": [],
                "total": MOST_NODES + 1,
            },
            "canvas",
        ),
    ],
)
def test_a_canvas_that_cannot_be_drawn_is_refused(changes: dict[str, Any], where: str) -> None:
    with pytest.raises(CanvasError) as caught:
        canvas(**changes)
    assert caught.value.where == where


def test_events_come_back_as_sent() -> None:
    found = events_of(
        canvas(),
        selected={"nodes": ["b", "gone"], "edges": ["e"]},
        expand={
            "id": "a",
            "kinds": ["VISITED"],
            "limit": 20,
            "first": "2025-03-01",
            "by_fund": True,
        },
        menu={"action": "note", "ids": ["e"]},
        path={"a": "a", "b": "b"},
        saved={"hash": "0f" * 32, "shown": 2, "total": 9},
        view=VIEW.to_json(),
    )
    assert found.selected == Selection(("b",), ("e",))
    assert found.expand is not None
    assert (found.expand.limit, found.expand.first) == (20, date(2025, 3, 1))
    assert found.expand.by_fund
    assert found.menu is not None
    assert found.menu.ids == ("e",)
    assert found.path is not None
    assert found.path.avoid_hubs
    assert found.saved is not None
    assert found.view == VIEW


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("expand", {"id": "gone"}),
        ("expand", {"id": "a", "limit": -1}),
        ("expand", {"id": "a", "limit": True}),
        ("expand", {"id": "a", "first": "yesterday"}),
        ("expand", {"id": "a", "sql": "DROP"}),
        ("expand", ["a"]),
        ("menu", {"action": "delete", "ids": ["a"]}),
        ("menu", {"action": "note", "ids": ["gone"]}),
        ("menu", {"action": "note", "ids": "a"}),
        ("path", {"a": "a", "b": "gone"}),
        ("saved", {"hash": "x" * 64, "shown": 1, "total": 1}),
        ("view", {"zoom": float("nan")}),
        ("view", {"positions": {"a": [1]}}),
        ("view", {"positions": {"a": [1, "2"]}}),
        ("view", {"grouping": "colour"}),
        ("view", {"pins": [["a"]]}),
        ("view", {"filters": {"first": 5}}),
        ("view", {"hidden": ["a" * 5_000]}),
    ],
)
def test_what_breaks_the_contract_did_not_happen(name: str, value: object) -> None:
    assert getattr(events_of(canvas(), **{name: value}), name) is None


def test_nobody_expands_without_bound() -> None:
    found = events_of(canvas(), expand={"id": "a", "limit": 10**9})
    assert found.expand is not None
    assert found.expand.limit == MOST_EXPANDED


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_letters_text_and_lines_can_be_told_from_what_they_stand_on(theme: Theme) -> None:
    fills = [look.dark if theme.dark else look.light for look in NODES.values()]
    lines = [look.dark if theme.dark else look.light for look in EDGES.values()]
    assert all(contrast(fill, theme.letter) >= 4.5 for fill in fills)
    for paper in (theme.paper, theme.card):
        assert all(contrast(text, paper) >= 4.5 for text in (theme.ink, theme.muted, theme.danger))
        assert all(contrast(colour, paper) >= 3 for colour in (*fills, *lines, theme.accent))


def test_every_kind_has_a_shape_a_word_and_a_letter_of_its_own() -> None:
    assert set(NODES) == set(NodeKind)
    assert set(EDGES) >= set(EdgeKind)
    assert len({look.shape for look in NODES.values()}) == len(NODES)
    for language in (0, 1):
        letters = [TEXTS[f"edge_letter.{kind}"][language] for kind in EDGES]
        assert len(set(letters)) == len(letters)
        assert all(TEXTS[f"letter.{kind}"][language] for kind in NODES)


@pytest.mark.parametrize(("theme", "ink"), [("light", "#ffffff"), ("dark", "#10171f")])
def test_what_a_chief_button_says_can_be_read(theme: str, ink: str) -> None:
    here = Path(document.__file__).parent
    config = tomllib.loads((here / ".streamlit" / "config.toml").read_text("utf-8"))
    assert contrast(config["theme"][theme]["primaryColor"], ink) >= 4.5
    style = (here / "assets" / "style.css").read_text("utf-8")
    said = re.findall(r"stBaseButton-primary[^{]*\{ color: (#[0-9a-f]{6})", style)
    assert theme == "light" or said == [ink]
