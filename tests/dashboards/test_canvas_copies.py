"""Copies of the canvas to take along: whole, masked, and asking nothing of any server."""

import json
import re
from html.parser import HTMLParser

import pytest

from dashboards.canvas import bundle
from dashboards.canvas.attachment import MOST_NODES, attachment
from dashboards.canvas.contract import Canvas, CanvasEdge, CanvasNode
from dashboards.canvas.look import DARK
from dashboards.canvas.standalone import in_script, page
from dashboards.formats import Language
from tests.engine import built_canvas

EVIL = '<img src=x onerror=alert(1)></script><a href="https://x">\u2028'


@pytest.fixture(scope="module", autouse=True)
def engine() -> None:
    built_canvas()


def small(label: str = "康健医院") -> Canvas:
    nodes = [
        CanvasNode("pt_1", "patient", "aaaaaa", hint="参保人"),
        CanvasNode("pt_2", "patient", "bbbbbb", hint="参保人", core=False),
        CanvasNode("fa_1", "facility", label, hint=label, size=44),
    ]
    edges = [CanvasEdge("e", "pt_1", "fa_1", "VISITED", hint=label)]
    return Canvas(nodes, edges, total=9, title=f"关系网络 {label}", date="2025年6月30日")


class Outside(HTMLParser):
    """Collects whatever a browser would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.wanted: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        self.wanted += [v for k, v in attrs if k in ("src", "href", "action", "data") and v]


def pages(canvas: Canvas) -> list[str]:
    return [
        attachment(canvas, Language.ZH),
        page(canvas, Language.ZH),
        page(canvas, Language.EN, DARK),
    ]


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_copy_links_to_nothing_outside(which: int) -> None:
    found = pages(small())[which]
    parser = Outside()
    parser.feed(found)
    assert parser.wanted == []
    assert not re.search(r"url\(\s*['\"]?(https?:)?//", found)
    assert "@import" not in found
    assert "cdn.jsdelivr" not in found
    assert "cdnjs" not in found
    assert re.search(r'http-equiv="Content-Security-Policy" content="default-src \'none\'; ', found)
    assert "http" not in re.findall(r'Content-Security-Policy" content="([^"]*)"', found)[0]


@pytest.mark.parametrize("which", [0, 1, 2])
def test_markup_in_names_stays_text(which: int) -> None:
    found = pages(small(EVIL))[which]
    assert "onerror=alert(1)>" not in found
    parser = Outside()
    parser.feed(found)
    assert parser.wanted == []
    clean = pages(small())[which]
    assert found.count("</script>") == clean.count("</script>")
    assert found.count("<img") == clean.count("<img")


def test_the_page_holds_the_canvas_and_nothing_that_needs_a_server() -> None:
    told = json.loads(
        re.search(r'id="canvas-data">(.*?)</script>', page(small(), Language.ZH))[1]  # type: ignore[index]
    )
    assert [node["label"] for node in told["nodes"]] == ["aaaaaa", "bbbbbb", "康健医院"]
    assert told["total"] == 9
    assert told["actions"] == []
    assert told["may_expand"] is False
    assert told["strings"]["undo"] == "撤销"


def test_json_in_a_script_reads_back() -> None:
    assert json.loads(in_script({"a": EVIL})) == {"a": EVIL}
    assert not set("<>&\u2028") & set(in_script({"a": EVIL}))


def test_the_attachment_says_its_language_and_shows_shapes_letters_and_legend() -> None:
    found = attachment(small(), Language.ZH)
    assert found.lstrip().startswith('<!doctype html><html lang="zh-CN">')
    nodes = json.loads(re.search(r"nodes = new vis.DataSet\((\[.*?\])\);", found)[1])  # type: ignore[index]
    assert [node["shape"] for node in nodes] == ["dot", "dot", "square"]
    assert [node["letter"] for node in nodes] == ["患", "患", "院"]
    assert all(isinstance(node["x"], float) and isinstance(node["y"], float) for node in nodes)
    assert '"physics": {"enabled": false}' in found
    legend = found[found.index('id="legend"') :]
    assert "参保人" in legend
    assert "就诊" in legend
    assert "共用" not in legend
    assert "显示 3 / 9 个节点" in found


def test_an_attachment_of_too_many_is_refused() -> None:
    nodes = [CanvasNode(f"pt_{n}", "patient", str(n)) for n in range(MOST_NODES + 1)]
    with pytest.raises(ValueError, match="501"):
        attachment(Canvas(nodes, [], total=501, title="t", date="d"), Language.ZH)


def test_the_licences_of_what_is_bundled_lie_beside_it() -> None:
    text = (bundle.DIST / bundle.LICENCES).read_text("utf-8")
    for name in ("cytoscape ", "cytoscape-fcose ", "cose-base ", "layout-base "):
        assert re.search(rf"^{name}[\d.]+ \(MIT\)$", text, re.MULTILINE), name


def test_the_lock_names_no_address() -> None:
    lock = json.loads((bundle.HERE / "package-lock.json").read_text("utf-8"))
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    assert all("integrity" in package for name, package in lock["packages"].items() if name)
