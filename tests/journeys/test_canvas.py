"""The canvas in a real browser: every round trip between picture and Python, and nothing that moves."""

import hashlib
import json
import math
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dashboards.canvas.attachment import attachment
from dashboards.canvas.look import DARK
from dashboards.canvas.standalone import page as standalone
from dashboards.formats import Language, money
from tests.engine import built_canvas
from tests.journeys import canvas_world
from tests.journeys.desk import chromium, moved, offline, serving_page, where

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent
NODES = 120
PATIENCE = 20_000
POINTS = "() => Object.fromEntries(huanchaCanvas.scene.points())"
SEEN = "() => [...huanchaCanvas.seen.nodes].sort()"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def address(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    del browser
    log = tmp_path_factory.mktemp("canvas") / "page.log"
    with serving_page(HERE / "canvas_page.py", log, CANVAS_NODES=str(NODES)) as found:
        yield found


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1366, "height": 950}, locale="zh-CN")
    made.set_default_timeout(PATIENCE)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, address: str) -> Iterator[Page]:
    """The page with its canvas drawn; the test fails if anything left the machine or broke."""
    broken: list[str] = []
    with offline(context, address):
        made = context.new_page()
        made.on("pageerror", lambda error: broken.append(str(error)))
        made.goto(f"{address}/?lang=zh")
        drawn(made)
        yield made
    assert broken == []


def drawn(page: Page) -> None:
    page.wait_for_selector(".canvas[data-stable]", timeout=3 * PATIENCE)
    page.wait_for_function("() => window.huanchaCanvas?.root.isConnected")
    page.wait_for_timeout(300)


def shown(page: Page) -> int:
    return int(page.locator(".canvas").get_attribute("data-shown") or 0)


def tool(page: Page, name: str) -> Any:
    return page.locator(f".canvas [data-tool={name}]")


def entry(page: Page, name: str) -> Any:
    return page.locator(f".canvas .menu [data-action={name}]")


def said(page: Page, name: str) -> Any:
    return page.locator("[data-testid=stText]").filter(has_text=name)


def test_a_click_reaches_python_and_moves_nothing(page: Page) -> None:
    before = page.evaluate(POINTS)
    zoom = page.evaluate("huanchaCanvas.scene.cy.zoom()")
    page.mouse.click(*where(page, "n12"))
    expect(said(page, "selected n12 /")).to_be_visible()
    page.keyboard.down("Shift")
    page.mouse.click(*where(page, "n14"))
    page.keyboard.up("Shift")
    expect(said(page, "selected n12 n14 /")).to_be_visible()
    assert moved(before, page.evaluate(POINTS)) == []
    assert page.evaluate("huanchaCanvas.scene.cy.zoom()") == zoom


def test_expanding_adds_neighbours_and_undo_takes_them_away(page: Page) -> None:
    before, seen = page.evaluate(POINTS), page.evaluate(SEEN)
    page.mouse.dblclick(*where(page, "n13"))
    page.wait_for_function(f"() => huanchaCanvas.content.nodes.size === {NODES + 20}")
    expect(said(page, "asked Expand(id='n13', kinds=(), limit=50")).to_be_visible()
    after = page.evaluate(POINTS)
    assert len(after) == NODES + 20
    assert moved(before, after) == []
    fresh = [after[id_] for id_ in after if id_ not in before]
    assert all(math.dist(point, before["n13"]) < 600 for point in fresh)
    assert len({(round(x), round(y)) for x, y in fresh}) == 20
    expect(page.locator(".canvas .count")).to_contain_text("显示 140 / 4,870 个节点")
    tool(page, "undo").click()
    assert page.evaluate(SEEN) == seen
    expect(page.locator(".canvas .count")).to_contain_text("显示 120 / 4,870 个节点")
    tool(page, "redo").click()
    assert len(page.evaluate(SEEN)) == NODES + 20


def test_a_flood_is_asked_about_first(page: Page) -> None:
    page.mouse.dblclick(*where(page, "n0"))
    question = page.locator(".canvas .flood")
    expect(question).to_contain_text("就诊结算 (268)")
    expect(question).to_contain_text("共用标识 (6)")
    assert page.evaluate("huanchaCanvas.content.nodes.size") == NODES
    question.get_by_label("共用标识 (6)").uncheck()
    question.get_by_label("最多展开").fill("20")
    question.get_by_label("起始日期").fill("2025-02-01")
    question.get_by_role("button", name="展开").click()
    expect(said(page, "asked Expand(id='n0', kinds=('VISITED',), limit=20")).to_be_visible()
    expect(said(page, "datetime.date(2025, 2, 1), last=None, by_fund=True")).to_be_visible()


def test_the_brush_counts_and_comes_back(page: Page) -> None:
    seen = page.evaluate(SEEN)
    low = tool(page, "from")
    low.focus()
    days = page.evaluate("huanchaCanvas.content.days")
    page.evaluate("(day) => huanchaCanvas.brush([day, day + 10])", days[0] + 120)
    page.wait_for_function(f"() => huanchaCanvas.root.dataset.shown < {NODES}")
    expect(page.locator(".canvas .count")).to_contain_text(f"显示 {shown(page)} / 4,870")
    assert 0 < shown(page) < NODES
    expect(page.locator(".canvas .timeline .span")).to_have_text("2025-05-08 – 2025-05-18")
    kept = shown(page)
    low.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".canvas .timeline .span")).to_have_text("2025-05-07 – 2025-05-18")
    page.wait_for_function(f"() => huanchaCanvas.root.dataset.shown >= {kept}")
    tool(page, "undo").click()
    tool(page, "undo").click()
    assert page.evaluate(SEEN) == seen


def test_the_menu_hides_pins_and_asks_python(page: Page) -> None:
    page.mouse.click(*where(page, "n12"), button="right")
    expect(page.locator(".canvas .menu")).to_be_visible()
    entry(page, "note").click()
    expect(said(page, "menu note n12")).to_be_visible()
    page.mouse.click(*where(page, "n12"), button="right")
    entry(page, "hide").click()
    assert "n12" not in page.evaluate(SEEN)
    page.mouse.click(*where(page, "n15"), button="right")
    entry(page, "pin").click()
    assert page.evaluate("[...huanchaCanvas.state.pinned]") == ["n15"]
    page.mouse.click(*where(page, "n15"), button="right")
    entry(page, "neighbours").click()
    page.mouse.click(*where(page, "n15"), button="right")
    entry(page, "only").click()
    assert page.evaluate(SEEN) == ["n0", "n15", "n4"]
    for _ in range(3):
        tool(page, "undo").click()
    assert len(page.evaluate(SEEN)) == NODES
    assert page.evaluate("[...huanchaCanvas.state.pinned]") == []


def test_a_path_is_asked_for_and_highlighted(page: Page) -> None:
    page.mouse.click(*where(page, "n12"))
    page.keyboard.down("Shift")
    page.mouse.click(*where(page, "n14"))
    page.keyboard.up("Shift")
    page.mouse.click(*where(page, "n14"), button="right")
    entry(page, "path_no_hubs").click()
    page.wait_for_function("() => huanchaCanvas.scene.cy.nodes('.onpath').length === 3")
    on = page.evaluate("huanchaCanvas.scene.cy.nodes('.onpath').map((node) => node.id()).sort()")
    assert on == ["n0", "n12", "n14"]
    assert page.evaluate("huanchaCanvas.scene.cy.edges('.onpath').length") >= 2


def test_the_keyboard_alone_walks_selects_hides_and_undoes(page: Page) -> None:
    page.locator(".canvas .stage").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    at = page.evaluate("huanchaCanvas.keyboard.cursor")
    expect(page.locator(".canvas .live")).not_to_be_empty()
    page.keyboard.press("Enter")
    expect(said(page, f"selected {at} /")).to_be_visible()
    page.keyboard.press("Delete")
    assert at not in page.evaluate(SEEN)
    page.keyboard.press("Control+z")
    assert at in page.evaluate(SEEN)
    page.keyboard.press("Control+y")
    assert at not in page.evaluate(SEEN)
    page.keyboard.press("Control+z")
    page.keyboard.press("Shift+F10")
    expect(page.locator(".canvas .menu button").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator(".canvas .menu")).to_be_hidden()


def test_groups_and_merged_edges_say_how_many_and_how_much(page: Page) -> None:
    points = page.evaluate(POINTS)
    tool(page, "grouping").select_option("place")
    assert page.evaluate("huanchaCanvas.scene.cy.nodes('.group').length") == 3
    expect(page.locator(".canvas .count")).to_contain_text("显示 120 / 4,870")
    x, y = where(page, page.evaluate("huanchaCanvas.seen.groups.get('医院0').id"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 50, y + 10, steps=4)
    page.mouse.up()
    assert len(moved(points, page.evaluate(POINTS))) == 40
    tool(page, "undo").click()
    assert moved(points, page.evaluate(POINTS)) == []
    page.evaluate("huanchaCanvas.openGroup('医院1', true)")
    assert page.evaluate("huanchaCanvas.scene.cy.nodes('.group').children().length") == 40
    assert moved(points, page.evaluate(POINTS)) == []
    tool(page, "grouping").select_option("")
    assert page.evaluate("huanchaCanvas.scene.cy.nodes('.group').length") == 0
    tool(page, "merge").click()
    texts = page.evaluate(
        "huanchaCanvas.scene.cy.edges('.merged').map((edge) => edge.data('text'))"
    )
    canvas = canvas_world.world(NODES)
    pairs: dict[tuple[str, str], list[Any]] = {}
    for edge in canvas.edges:
        pairs.setdefault((edge.source, edge.target), []).append(edge)
    parallel = [edges for edges in pairs.values() if len(edges) > 1]
    assert sorted(texts) == sorted(
        f"{len(edges)} 类 · {sum(e.count for e in edges)} 次"
        f" · {money(sum(e.fund or 0 for e in edges), Language.ZH)}"
        for edges in parallel
    )
    assert moved(points, page.evaluate(POINTS)) == []


def test_leaving_and_coming_back_finds_the_view_as_it_was(page: Page) -> None:
    x, y = where(page, "n30")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 30, steps=4)
    page.mouse.up()
    tool(page, "zoom_in").click()
    page.locator(".canvas .legend [data-kind=token]").click()
    points, seen = page.evaluate(POINTS), page.evaluate(SEEN)
    zoom = page.evaluate("huanchaCanvas.scene.cy.zoom()")
    expect(said(page, f"view {NODES} 2")).to_be_visible()
    page.get_by_text("away", exact=True).click()
    expect(page.locator(".canvas")).to_have_count(0)
    page.get_by_text("away", exact=True).click()
    drawn(page)
    assert moved(points, page.evaluate(POINTS)) == []
    assert page.evaluate(SEEN) == seen
    assert page.evaluate("huanchaCanvas.scene.cy.zoom()") == pytest.approx(zoom, rel=1e-3)


def test_a_row_in_python_brings_its_node_to_the_middle(page: Page) -> None:
    page.get_by_role("button", name="focus n50").click()
    page.wait_for_function("() => huanchaCanvas.chosen().join() === 'n50'")
    at = page.evaluate("huanchaCanvas.scene.cy.getElementById('n50').renderedPosition()")
    assert at["x"] == pytest.approx(page.evaluate("huanchaCanvas.scene.cy.width() / 2"), abs=2)


def test_only_tidying_moves_nodes_and_pinned_ones_stay(page: Page) -> None:
    before = page.evaluate(POINTS)
    page.evaluate("huanchaCanvas.pin(['n0', 'n40'], true)")
    page.evaluate("huanchaCanvas.tidy()")
    after = page.evaluate(POINTS)
    gone = moved(before, after)
    assert len(gone) > NODES / 2
    assert not {"n0", "n40"} & set(gone)
    tool(page, "undo").click()
    assert moved(before, page.evaluate(POINTS)) == []


def test_the_picture_carries_caption_and_hash(page: Page, tmp_path: Path) -> None:
    wanted = page.evaluate("huanchaCanvas.hash()")
    assert wanted == page.evaluate("huanchaCanvas.hash()")
    with page.expect_download() as copy:
        tool(page, "picture").click()
    path = tmp_path / "picture.png"
    copy.value.save_as(path)
    content = path.read_bytes()
    assert content.startswith(b"\x89PNG")
    assert struct.unpack(">II", content[16:24])[0] >= 1100
    assert wanted[:8] in copy.value.suggested_filename
    expect(said(page, f"saved {wanted} {NODES} 4870")).to_be_visible()
    page.evaluate("huanchaCanvas.hide(['n12'])")
    assert page.evaluate("huanchaCanvas.hash()") != wanted


def test_the_engines_own_hash_is_sha_256(page: Page) -> None:
    said_by_engine = page.evaluate("huanchaCanvas.hash()")
    assert len(said_by_engine) == 64
    text = page.evaluate("huanchaCanvas.hashed()")
    assert hashlib.sha256(text.encode("utf-8")).hexdigest() == said_by_engine
    assert json.loads(text)["total"] == 4870


def test_names_with_markup_stay_text(page: Page) -> None:
    page.mouse.move(*where(page, "n9"))
    expect(page.locator(".canvas .tip")).to_contain_text("<img src=x")
    assert page.evaluate("window.hacked") is None
    assert page.locator(".canvas img, .canvas b").count() == 0


def test_chinese_in_the_canvas_is_chinese(page: Page) -> None:
    cdp = page.context.new_cdp_session(page)
    cdp.send("DOM.enable")
    cdp.send("CSS.enable")
    root = cdp.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
    fonts: set[str] = set()
    for node in inside(root, within=False):
        found = cdp.send("CSS.getPlatformFontsForNode", {"nodeId": node})
        fonts |= {font["familyName"] for font in found["fonts"]}
    chinese = {font for font in fonts if "CJK" in font}
    assert chinese
    assert all(font.endswith("SC") for font in chinese), chinese


def inside(node: dict[str, Any], within: bool) -> Iterator[int]:
    attributes = node.get("attributes", [])
    within = within or "canvas" in attributes
    if within and node.get("nodeName") in ("BUTTON", "SPAN", "OUTPUT"):
        yield node["nodeId"]
    for child in [*node.get("children", []), *node.get("shadowRoots", [])]:
        yield from inside(child, within)


@pytest.mark.parametrize("which", ["standalone", "dark", "attachment"])
def test_a_copy_opens_without_any_request(
    context: BrowserContext, tmp_path: Path, which: str
) -> None:
    built_canvas()
    canvas = canvas_world.world(NODES)
    file = tmp_path / "copy.html"
    write = {
        "standalone": lambda: standalone(canvas, Language.ZH),
        "dark": lambda: standalone(canvas, Language.EN, DARK),
        "attachment": lambda: attachment(canvas, Language.ZH),
    }[which]
    file.write_text(write(), "utf-8")
    asked: list[str] = []
    broken: list[str] = []
    made = context.new_page()
    made.on("request", lambda request: asked.append(request.url))
    made.on("pageerror", lambda error: broken.append(str(error)))
    made.on(
        "console", lambda message: broken.append(message.text) if message.type == "error" else None
    )
    made.goto(file.as_uri())
    made.wait_for_selector("[data-stable]")
    assert made.locator("[data-stable]").get_attribute("data-stable") == str(NODES)
    assert made.evaluate("window.hacked") is None
    assert [url for url in asked if not url.startswith(("data:", "blob:", "file:"))] == []
    assert len([url for url in asked if url.startswith("file:")]) == 1
    assert broken == []
    if which != "attachment":
        tool(made, "merge").click()
        assert made.evaluate("huanchaCanvas.state.merged") is True


FITTED = """() => {
  const { cy } = huanchaCanvas.scene;
  const found = [cy.width() > 0, cy.zoom(), cy.pan().x, cy.pan().y];
  huanchaCanvas.fit();
  return [found, [true, cy.zoom(), cy.pan().x, cy.pan().y]];
}"""


def test_a_canvas_shown_before_it_has_any_room_is_whole_once_it_has(
    context: BrowserContext, tmp_path: Path
) -> None:
    built_canvas()
    file = tmp_path / "copy.html"
    hidden = "<style id='hidden'>html { display: none; }</style>"
    whole = standalone(canvas_world.world(NODES), Language.ZH)
    file.write_text(whole.replace("</head>", f"{hidden}</head>", 1), "utf-8")
    made = context.new_page()
    made.goto(file.as_uri())
    made.wait_for_function("() => window.huanchaCanvas?.scene.cy.nodes().length > 0")
    made.evaluate("document.getElementById('hidden').remove()")
    made.wait_for_function("() => huanchaCanvas.scene.cy.width() > 0")
    made.wait_for_timeout(500)
    found, fitted = made.evaluate(FITTED)
    assert found == fitted
