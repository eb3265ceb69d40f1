"""From an empty workspace to its rings by clicks alone: a load and a scan asked for on the screen."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from graph.results import Scan, latest_scan
from huancha.jobs.job import State
from huancha.jobs.table import JobTable
from loaders.synthetic import write_world
from tests.journeys.desk import chromium, opened, serving, settled
from tests.journeys.test_browser_pages import ALLOWED, EVERYTHING_SAID, WORDS, _is_code

pytestmark = pytest.mark.browser

VISITS = 2_000
LONG = 300_000.0
"""Milliseconds; on a fresh machine the first scan compiles its inner loops."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("screen")
    write_world(folder / "exports", visits=VISITS, seed=7)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def address(
    office: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[str]:
    del browser
    monkeypatch.setenv("HUANCHA_LOAD_ROOTS", str(office))
    with serving(office / "workspace", tmp_path / "serve.log") as found:
        yield found


def tab(browser: Browser) -> Page:
    context = browser.new_context(viewport={"width": 1366, "height": 900}, locale="zh-CN")
    return context.new_page()


def english(page: Page) -> list[str]:
    said: list[str] = page.evaluate(EVERYTHING_SAID)
    return [text for text in said if WORDS.search(ALLOWED.sub("", text)) and not _is_code(text)]


def test_from_nothing_to_rings_by_clicks(browser: Browser, address: str, office: Path) -> None:
    page, other = tab(browser), tab(browser)
    opened(page, f"{address}/intake?lang=zh")
    page.get_by_role("combobox", name="文件夹").click()
    page.get_by_role("option", name=str(office / "exports")).click()
    page.get_by_role("button", name="开始载入").first.click()
    expect(page.get_by_text("已发布快照")).to_be_visible(timeout=LONG)
    settled(page)
    page.get_by_role("tab", name="上传文件").click()
    assert [text for text in english(page) if str(office) not in text] == []

    opened(other, f"{address}/scans?lang=zh")
    opened(page, f"{address}/scans?lang=zh")
    page.get_by_role("button", name="开始扫描").click()
    for screen in (page, other):
        bar = screen.get_by_role("progressbar")
        expect(bar).to_be_visible(timeout=LONG)
        expect(screen.get_by_text(re.compile("正在.+已用"))).to_be_visible(timeout=LONG)
    seed = page.get_by_role("spinbutton", name="随机种子")
    seed.fill("9")
    for screen in (page, other):
        expect(screen.get_by_text("当前没有任务在运行或排队。")).to_be_visible(timeout=LONG)
        expect(screen.get_by_text("已完成").first).to_be_visible(timeout=LONG)
    expect(seed).to_have_value("9")
    settled(page)
    assert english(page) == []

    scan = latest_scan(office / "workspace")
    (job,) = [job for job in JobTable(office / "workspace").jobs() if job.result == scan.id]
    assert job.state is State.DONE
    page.get_by_role("link", name=re.compile(r"\d{4}-\d{2}-\d{2}")).first.click()
    page.get_by_role("button", name="查看这次的线索").click()
    expect(page.locator("h1")).to_have_text("疑点团伙")
    ring = scan.rings().items[0]
    expect(page.get_by_role("link", name=ring.ring[-6:])).to_be_visible()
    compare_with_another(page, address, scan)


def compare_with_another(page: Page, address: str, first: Scan) -> None:
    """Scan again with another seed, and go from the two side by side to a ring of the first."""
    opened(page, f"{address}/scans?lang=zh")
    page.get_by_role("spinbutton", name="随机种子").fill("5")
    page.get_by_role("button", name="开始扫描").click()
    expect(page.get_by_role("progressbar")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("当前没有任务在运行或排队。")).to_be_visible(timeout=LONG)
    settled(page)
    assert latest_scan(first.path.parents[1]).id != first.id
    page.get_by_role("tab", name="比较两次扫描").click()
    expect(page.get_by_text("后一次直接接续前一次")).to_be_visible()
    assert english(page) == []
    ring = first.rings().items[0].ring
    page.get_by_role("link", name=ring[-6:]).first.click()
    expect(page.locator("h1")).to_have_text(f"线索 {ring[-6:]}")
    assert f"scan={first.id}" in page.url
    expect(page.get_by_text("不是最近一次")).to_be_visible()
