"""An investigator at the desk in a real browser: find, expand, find a way, save, leave, come back."""

import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from graph.results import latest_scan
from graph.snapshot import current_snapshot
from tests.dashboards.worlds import scanned_world
from tests.journeys.desk import chromium, moved, offline, opened, serving, settled, where

pytestmark = pytest.mark.browser

PATIENCE = 30_000
POINTS = "() => Object.fromEntries(huanchaCanvas.scene.points())"
ZOOM = "() => huanchaCanvas.scene.cy.zoom()"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scanned_world(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser, workspace: Path, tmp_path: Path) -> Iterator[tuple[Page, str]]:
    """A page with the server's address; the test fails if anything left the machine or broke."""
    broken: list[str] = []
    with serving(workspace, tmp_path / "serve.log") as address:
        context = browser.new_context(viewport={"width": 1366, "height": 1200}, locale="zh-CN")
        context.set_default_timeout(PATIENCE)
        made = context.new_page()
        made.on("pageerror", lambda error: broken.append(str(error)))
        with offline(context, address):
            yield made, address
        context.close()
    assert broken == []


def drawn(page: Page, nodes: int | None = None) -> None:
    page.wait_for_selector(".canvas[data-stable]", timeout=PATIENCE)
    page.wait_for_function("() => window.huanchaCanvas?.root.isConnected")
    if nodes is not None:
        page.wait_for_function(f"() => huanchaCanvas.content.nodes.size >= {nodes}")
    page.wait_for_timeout(400)


def spot(page: Page, node: str) -> tuple[float, float]:
    """Where the node is on the screen once it stands still."""
    before = where(page, node)
    while True:
        page.wait_for_timeout(400)
        now = where(page, node)
        if math.dist(before, now) < 1:
            return now
        before = now


def a_practitioner(workspace: Path) -> str:
    """One who is in the first ring."""
    scan = latest_scan(workspace)
    ring = scan.rings().items[0].ring
    return next(member.id for member in scan.members(ring) if member.kind == "practitioner")


def another_patient(workspace: Path) -> str:
    with current_snapshot(workspace).connect() as con:
        row = con.execute("SELECT id FROM patients ORDER BY patient DESC").fetchone()
    return str((row or ("",))[0])


def test_a_day_at_the_desk(page: tuple[Page, str], workspace: Path) -> None:
    screen, address = page
    practitioner = a_practitioner(workspace)
    opened(screen, f"{address}/workbench?lang=zh")
    search = screen.get_by_label("搜索", exact=True).first
    search.fill(practitioner)
    search.press("Enter")
    screen.get_by_text(practitioner, exact=True).click()
    drawn(screen, 2)

    start = screen.evaluate(POINTS)
    neighbour = next(id_ for id_ in start if id_.startswith("pt_"))
    screen.mouse.click(*spot(screen, neighbour))
    expect(screen.get_by_role("heading", name=neighbour[-6:])).to_be_visible(timeout=PATIENCE)
    stood = screen.locator(".canvas .stage").bounding_box()
    screen.get_by_role("button", name=re.compile("展开全部")).click()
    expect(screen.get_by_text(re.compile(r"展开 \d+ / \d+ 条关系，新增 \d+ 个节点"))).to_be_visible(
        timeout=PATIENCE
    )
    drawn(screen)
    grown = screen.evaluate(POINTS)
    assert set(start) <= set(grown)
    assert moved(start, grown) == []
    assert screen.locator(".canvas .stage").bounding_box() == stood

    screen.evaluate(
        "(ids) => { huanchaCanvas.clear(); ids.forEach((id) => huanchaCanvas.choose(id, true)); }",
        [practitioner, neighbour],
    )
    settled(screen)
    screen.get_by_role("button", name="查找两者之间的路径").click()
    expect(screen.get_by_text(re.compile(r"条最短路径，每条 \d+ 步"))).to_be_visible(
        timeout=PATIENCE
    )
    screen.wait_for_function("() => huanchaCanvas.scene.cy.nodes('.onpath').length >= 2")

    settled(screen)
    x, y = spot(screen, practitioner)
    screen.mouse.move(x, y)
    screen.mouse.down()
    screen.mouse.move(x + 90, y + 60, steps=6)
    screen.mouse.up()
    settled(screen)
    left, zoom = screen.evaluate(POINTS), screen.evaluate(ZOOM)
    assert set(moved(grown, left)) == {practitioner, neighbour}
    screen.get_by_role("tab", name="保存的视图").click()
    screen.get_by_label("视图名称").fill("第一稿")
    screen.get_by_label("视图名称").press("Enter")
    screen.get_by_role("button", name="另存为新视图").click()
    expect(screen.get_by_text("已保存 第一稿 第 1 版")).to_be_visible(timeout=PATIENCE)

    screen.get_by_role("link", name="总览").click()
    settled(screen)
    screen.get_by_role("link", name="图谱调查").click()
    drawn(screen, len(left))
    assert moved(left, screen.evaluate(POINTS)) == []
    assert screen.evaluate(ZOOM) == pytest.approx(zoom)

    screen.mouse.click(*spot(screen, practitioner))
    screen.get_by_role("button", name="查看档案").click()
    expect(screen).to_have_url(re.compile(f"profile.*{practitioner}"), timeout=PATIENCE)
    settled(screen)
    screen.go_back()
    drawn(screen, len(left))
    assert moved(left, screen.evaluate(POINTS)) == []

    for start, nodes in (("", None), (f"?entity={practitioner}", 2)):
        other = screen.context.new_page()
        opened(other, f"{address}/workbench{start}")
        if nodes:
            drawn(other, nodes)
            other.get_by_role("tab", name="保存的视图").click()
        other.get_by_role("link", name="第一稿").click()
        drawn(other, len(left))
        assert moved(left, other.evaluate(POINTS)) == []
