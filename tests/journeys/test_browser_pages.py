"""The real dashboard in a real browser: offline, in Chinese glyphs, and walkable by clicks."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dashboards.access.sign_in import DEMO_ROLE
from dashboards.formats import Language, money
from dashboards.pages import PAGES
from dashboards.texts import say
from graph.results import Scan, latest_scan
from tests.dashboards.worlds import scanned_world
from tests.journeys.desk import (
    chromium,
    need_chinese_glyphs,
    opened,
    serving,
    settled,
    take_role,
)

pytestmark = pytest.mark.browser

NAMES = [page.name for page in PAGES]
ROLES = {page.name: DEMO_ROLE if DEMO_ROLE in page.roles else min(page.roles) for page in PAGES}
"""Whom each page is opened as: as the demo begins, if that role may."""
WORDS = re.compile(r"[A-Za-z]{3,}")
ALLOWED = re.compile(
    r"Ctrl|Shift|Delete|huancha( load| quarantine( list| replay)?| scan --decoys \d+)?|\bHUANCHA(_[A-Z]+)+\b|English|CSV|PNG|HTML|SHA|[0-9a-f]{64}|demo-[a-z]+|setl_d|\b[a-z]+(_[a-z0-9]+)+\b|\bS\d{5}|rg_|csv|txt"
    r"|keyboard_|arrow_|chevron_|monitoring|format_list|hub|database|menu_book|download|help|expand"
)

POINTS = "() => [...huanchaCanvas.scene.points()]"
MEMBERS = """() => {
  const card = document.querySelector('.st-key-card_members');
  return card.textContent +
    [...card.querySelectorAll('*')].map((part) => part.shadowRoot?.textContent ?? '').join(' ');
}"""
EVERYTHING_SAID = """() => {
  const said = [];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const around = node.parentElement;
      const code = around.closest('.sub, .mono') && !/\\s/.test(node.nodeValue.trim());
      if (!code && !around.closest(
        'style, script, noscript, code, .cite, [data-testid=stIconMaterial]'))
        said.push(node.nodeValue);
      return;
    }
    for (const name of ['placeholder', 'aria-label', 'aria-valuetext', 'title', 'alt'])
      if (node.getAttribute && node.getAttribute(name)) said.push(node.getAttribute(name));
    if (node.shadowRoot) node.shadowRoot.childNodes.forEach(walk);
    node.childNodes.forEach(walk);
  };
  walk(document.body);
  return said.map((text) => text.trim()).filter(Boolean);
}"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scanned_world(tmp_path_factory.mktemp("browser"))


@pytest.fixture(scope="module")
def scan(workspace: Path) -> Scan:
    return latest_scan(workspace)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def address(
    workspace: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    del browser
    with serving(workspace, tmp_path_factory.mktemp("log") / "serve.log") as found:
        yield found


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, address: str) -> Iterator[Page]:
    """A page that lets nothing out; the test fails if anything tried."""
    outside: list[str] = []
    made = context.new_page()

    def guard(route, request):  # type: ignore[no-untyped-def]
        if request.url.startswith((address, "data:", "blob:", "about:")):
            route.continue_()
        else:
            outside.append(request.url)
            route.abort()

    context.route("**/*", guard)
    yield made
    assert outside == []


def entered(page: Page, address: str, name: str, language: str) -> None:
    """Open a page by its name in a role that may."""
    opened(page, f"{address}/{name}?lang={language}")
    if ROLES[name] is not DEMO_ROLE:
        take_role(page, say(Language(language), f"role_of.{ROLES[name]}"))


def english_left(page: Page) -> list[str]:
    """English words that a Chinese page says or shows to a reader of attributes."""
    said: list[str] = page.evaluate(EVERYTHING_SAID)
    assert len(said) > 20
    return [text for text in said if WORDS.search(ALLOWED.sub("", text)) and not _is_code(text)]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_every_page_opens_whole_in_its_language(
    page: Page, address: str, name: str, language: str
) -> None:
    entered(page, address, name, language)
    assert page.evaluate("document.documentElement.lang") == {"zh": "zh-CN", "en": "en"}[language]
    assert page.locator("[data-testid=stException], [data-testid=stAlert]").count() == 0
    assert page.get_by_role("dialog").count() == 0
    width, room = page.evaluate(
        "() => { const main = document.querySelector('[data-testid=stMain]');"
        " return [main.scrollWidth, main.clientWidth]; }"
    )
    assert width <= room
    assert page.title()
    if language == "zh":
        assert english_left(page) == []


def test_an_opened_calendar_speaks_the_language_of_the_page(page: Page, address: str) -> None:
    for language, day in (
        (Language.ZH, r"所选日期：\d{4}年\d+月\d+日"),
        (Language.EN, r"Selected Date: \w+ \d"),
    ):
        entered(page, address, "cases", language.value)
        page.get_by_role("tab", name=say(language, "draws.list")).click()
        field = page.get_by_test_id("stDateInput").first
        field.locator("button").last.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        expect(
            page.locator("[id^=react-aria-description]", has_text=re.compile(day))
        ).to_have_count(1)
        if language is Language.ZH:
            assert english_left(page) == []


def _is_code(text: str) -> bool:
    """An id's end, a place's code, a settlement number, a version: not a word of any language."""
    return not re.search(r"\s", text) and bool(
        re.fullmatch(r"[a-z2-7]{6}|[A-Za-z0-9_.:-]*\d.*", text)
    )


def test_a_figure_and_its_unit_stay_on_one_line(page: Page, address: str) -> None:
    opened(page, f"{address}/?lang=en")
    lines = page.evaluate(
        """(fund) => [...document.querySelectorAll('[data-testid=stMetricValue] p')].map((value) => {
          value.textContent = fund;
          const { left, width } = value.getBoundingClientRect();
          const range = document.createRange();
          range.selectNodeContents(value);
          const boxes = [...range.getClientRects()];
          return boxes.length === 1 && boxes[0].right <= left + width;
        })""",
        money(158_170_000_00, Language.EN),
    )
    assert len(lines) > 6
    assert all(lines)


def test_chinese_is_drawn_with_chinese_glyphs(page: Page, address: str) -> None:
    need_chinese_glyphs()
    opened(page, f"{address}/rings?lang=zh")
    cdp = page.context.new_cdp_session(page)
    cdp.send("DOM.enable")
    cdp.send("CSS.enable")
    root = cdp.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
    fonts = set()
    for node in _elements(root):
        found = cdp.send("CSS.getPlatformFontsForNode", {"nodeId": node})
        fonts |= {font["familyName"] for font in found["fonts"]}
    chinese = {font for font in fonts if "CJK" in font}
    assert chinese
    assert all(font.endswith("SC") for font in chinese), chinese


def _elements(node: dict) -> Iterator[int]:  # type: ignore[type-arg]
    if node.get("nodeName") in ("H1", "TH", "TD", "SPAN", "A", "P", "LABEL", "BUTTON"):
        yield node["nodeId"]
    for child in [*node.get("children", []), *node.get("shadowRoots", [])]:
        yield from _elements(child)


def test_from_the_list_to_a_ring_and_back(page: Page, address: str, scan: Scan) -> None:
    rings = scan.rings().items
    opened(page, f"{address}/?lang=zh")
    page.get_by_role("link", name="疑点团伙").click()
    expect(page.locator("h1")).to_have_text("疑点团伙")
    settled(page)
    page.get_by_role("link", name=rings[1].ring[-6:]).click()
    expect(page.locator("h1")).to_have_text(f"线索 {rings[1].ring[-6:]}")
    assert f"ring={rings[1].ring}" in page.url
    settled(page)
    page.get_by_role("button", name="下一条").click()
    expect(page.locator("h1")).to_have_text(f"线索 {rings[2].ring[-6:]}")
    settled(page)
    page.get_by_role("link", name="返回列表").click()
    expect(page.locator("h1")).to_have_text("疑点团伙")


def test_a_filter_outlives_a_look_at_a_ring(page: Page, address: str, scan: Scan) -> None:
    ring = scan.rings().items[0]
    opened(page, f"{address}/rings?lang=zh")
    page.get_by_placeholder("线索编号、人员编号、机构代码或名称").fill(ring.ring[-6:])
    page.keyboard.press("Enter")
    expect(page.get_by_text("共 1 条（全部 3 条）")).to_be_visible()
    settled(page)
    page.get_by_role("link", name=ring.ring[-6:]).click()
    expect(page.locator("h1")).to_have_text(f"线索 {ring.ring[-6:]}")
    settled(page)
    page.get_by_role("link", name="返回列表").click()
    expect(page.get_by_text("共 1 条（全部 3 条）")).to_be_visible()


def test_the_language_switch_stays_on(page: Page, address: str) -> None:
    opened(page, f"{address}/")
    expect(page.locator("h1")).to_have_text("总览")
    page.get_by_text("English", exact=True).click()
    expect(page.locator("h1")).to_have_text("Overview")
    settled(page)
    page.get_by_role("link", name="Methods").click()
    expect(page.locator("h1")).to_have_text("Methods")
    settled(page)
    page.get_by_text("中文", exact=True).click()
    expect(page.locator("h1")).to_have_text("方法说明")


def test_a_shared_address_opens_that_ring(page: Page, address: str, scan: Scan) -> None:
    ring = scan.rings().items[2]
    opened(page, f"{address}/ring?ring={ring.ring}&lang=en")
    expect(page.locator("h1")).to_have_text(f"Lead {ring.ring[-6:]}")


def test_of_the_ring_before_nothing_is_left(page: Page, address: str, scan: Scan) -> None:
    one, other = (ring.ring for ring in scan.rings().items[:2])
    people = {ring: {member.id[-6:] for member in scan.members(ring)} for ring in (one, other)}
    opened(page, f"{address}/ring?ring={one}")
    assert any(who in page.evaluate(MEMBERS) for who in people[one] - people[other])
    page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="下一条").click()
    expect(page.get_by_role("heading", name=other[-6:])).to_be_visible()
    settled(page)
    shown = page.evaluate(MEMBERS)
    assert any(who in shown for who in people[other])
    assert not any(who in shown for who in people[one] - people[other])


def test_the_network_is_drawn_and_stands_still(page: Page, address: str, scan: Scan) -> None:
    ring = scan.rings().items[0]
    opened(page, f"{address}/ring?ring={ring.ring}&lang=zh")
    drawn = page.locator(".canvas[data-stable]")
    expect(drawn).to_have_count(1)
    assert int(drawn.get_attribute("data-stable") or 0) >= len(scan.members(ring.ring))
    assert drawn.get_attribute("lang") == "zh-CN"
    before = page.evaluate(POINTS)
    node = page.evaluate("() => { const n = huanchaCanvas.scene.cy.nodes()[0]; return n.id(); }")
    page.evaluate("(id) => huanchaCanvas.choose(id)", node)
    expect(page.get_by_text("所选的关系：显示")).to_be_visible()
    assert page.evaluate(POINTS) == before
    with page.expect_download() as copy:
        page.get_by_role("button", name="下载离线图谱").click()
    assert copy.value.suggested_filename.endswith(".html")


def test_two_people_at_once_each_see_what_their_role_may(
    page: Page, browser: Browser, address: str
) -> None:
    """One looks for rings while the other looks after the system, each in a browser of their own."""
    opened(page, f"{address}/rings?lang=zh")
    with browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN") as context:
        other = opened(context.new_page(), f"{address}/rings?lang=zh")
        take_role(other, "管理员")
        expect(other.get_by_text("您的角色不能打开本页")).to_be_visible()
        expect(other.get_by_role("link", name="疑点团伙")).to_have_count(0)
        expect(other.get_by_text("rg_")).to_have_count(0)
        page.reload()
        settled(page)
        expect(page.get_by_text("共 3 条（全部 3 条）")).to_be_visible()
        expect(page.get_by_role("link", name="审计与用户")).to_have_count(0)
        other.get_by_role("link", name="审计与用户").click()
        expect(other.locator("h1")).to_have_text("审计与用户")
        expect(other.get_by_text("环环相扣")).to_be_visible()
