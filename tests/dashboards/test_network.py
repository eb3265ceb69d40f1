"""The network picture: whole, masked, cut, and asking nothing of any server."""

import json
import math
import re
from html.parser import HTMLParser

import networkx as nx
import pytest

from dashboards.network import MOST_NODES, Line, LineLook, Look, Picture, Spot, draw
from dashboards.positions import positions

LOOKS = {"patient": Look("dot", "#1b5e9b", "参保人"), "place": Look("square", "#b8610e", "机构")}
LINES = {"VISITED": LineLook("#8fa6bd", False, "就诊"), "HOLDS": LineLook("#c46a73", True, "共用")}


def picture(spots: list[Spot], links: list[Line]) -> Picture:
    return Picture(spots, links, LOOKS, LINES, "关系网络", "zh-CN", "外围")


def small() -> Picture:
    spots = [
        Spot("pt_1", "patient", "患", "aaaaaa", "参保人"),
        Spot("pt_2", "patient", "患", "bbbbbb", "参保人", core=False),
        Spot("fa_1", "place", "院", "康健医院", "机构", size=22),
    ]
    return picture(spots, [Line("pt_1", "fa_1", "VISITED", "就诊 3 笔")])


class Outside(HTMLParser):
    """Collects whatever a browser would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.wanted: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        self.wanted += [v for k, v in attrs if k in ("src", "href", "action", "data") and v]


def test_the_page_links_to_nothing_outside() -> None:
    page = draw(small())
    parser = Outside()
    parser.feed(page)
    assert parser.wanted == []
    assert not re.search(r"url\(\s*['\"]?(https?:)?//", page)
    assert "@import" not in page
    assert "cdn.jsdelivr" not in page
    assert "cdnjs" not in page


def test_the_page_says_its_language_and_shows_shapes_letters_and_legend() -> None:
    page = draw(small())
    assert page.lstrip().startswith('<!doctype html><html lang="zh-CN">')
    nodes = json.loads(re.search(r"nodes = new vis.DataSet\((\[.*?\])\);", page)[1])  # type: ignore[index]
    assert [node["shape"] for node in nodes] == ["dot", "dot", "square"]
    assert [node["letter"] for node in nodes] == ["患", "患", "院"]
    assert all(isinstance(node["x"], float) and isinstance(node["y"], float) for node in nodes)
    assert '"physics": {"enabled": false}' in page
    legend = page[page.index('id="legend"') :]
    assert "参保人" in legend
    assert "外围" in legend
    assert "就诊" in legend
    assert "共用" not in legend


def test_markup_in_names_stays_text() -> None:
    evil = '<img src=x onerror=alert(1)></script><a href="https://x">'
    page = draw(picture([Spot("pt_1", "patient", "患", evil, evil)], []))
    assert "onerror=alert(1)>" not in page
    parser = Outside()
    parser.feed(page)
    assert parser.wanted == []


def test_more_than_the_most_is_refused() -> None:
    spots = [Spot(f"pt_{n}", "patient", "患", str(n), "") for n in range(MOST_NODES + 1)]
    with pytest.raises(ValueError, match="301"):
        draw(picture(spots, []))


@pytest.mark.parametrize("size", [1, 12, 90])
def test_positions_are_repeatable_and_apart(size: int) -> None:
    graph: nx.Graph[str] = nx.relabel_nodes(
        nx.disjoint_union(nx.gnm_random_graph(size, 2 * size, seed=3), nx.path_graph(3)), str
    )
    found = positions(graph, seed=1)
    assert found == positions(graph, seed=1)
    assert set(found) == set(graph)
    points = list(found.values())
    near = [
        (a, b)
        for i, a in enumerate(points)
        for b in points[:i]
        if math.hypot((a[0] - b[0]) / 116, (a[1] - b[1]) / 82) < 0.55
    ]
    assert not near


def test_hubs_with_the_same_neighbours_do_not_lie_on_each_other() -> None:
    graph: nx.Graph[str] = nx.relabel_nodes(nx.complete_bipartite_graph(3, 12), str)
    found = positions(graph, seed=1)
    hubs = [found[name] for name in "012"]
    assert all(math.dist(a, b) > 60 for number, a in enumerate(hubs) for b in hubs[:number])
