"""The real dashboard for browser tests: a server on a free loopback port, and Debian's chromium."""

import math
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from dashboards.canvas.component import HANDLE
from tests.engine import built_canvas

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60.0


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serving(workspace: Path, log: Path) -> AbstractContextManager[str]:
    """`huancha serve` over `workspace`; yields its address and stops it afterwards."""
    port = free_port()
    command = ["-m", "huancha.cli", "serve", "--workspace", str(workspace), "--port", str(port)]
    return _running(command, port, log, {})


def serving_page(page: Path, log: Path, **settings: str) -> AbstractContextManager[str]:
    """Streamlit with one page of the tests' own, `settings` in its environment."""
    port = free_port()
    command = [
        "-m", "streamlit", "run", str(page), "--server.address=127.0.0.1", f"--server.port={port}",
        "--server.headless=true", "--browser.gatherUsageStats=false", "--client.toolbarMode=minimal",
        "--server.fileWatcherType=none",
    ]  # fmt: skip
    return _running(command, port, log, settings)


@contextmanager
def _running(command: list[str], port: int, log: Path, settings: dict[str, str]) -> Iterator[str]:
    built_canvas()
    environment = os.environ | {HANDLE: "1", "PYTHONPATH": str(ROOT)} | settings
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address, server, log)
            yield address
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"the dashboard did not start:\n{log.read_text('utf-8', 'replace')}")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's chromium. Without one the test says it was not run, which in CI is a failure."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("not run: chromium is not installed (make system)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def need_chinese_glyphs() -> None:
    """Say that a test was not run where no font has Chinese glyphs."""
    listing = shutil.which("fc-list")
    said = (
        subprocess.run([listing, ":lang=zh"], capture_output=True, check=False) if listing else None
    )
    if said is None or not said.stdout.strip():
        pytest.skip("not run: no font with Chinese glyphs is installed (make system)")


@contextmanager
def offline(context: BrowserContext, *addresses: str) -> Iterator[None]:
    """Let nothing out of the browser but to `addresses`; it is a failure if anything tried."""
    outside: list[str] = []

    def guard(route: Route) -> None:
        url = route.request.url
        if url.startswith((*addresses, "data:", "blob:", "about:")):
            route.continue_()
        else:
            outside.append(url)
            route.abort()

    context.route("**/*", guard)
    yield
    assert outside == []


def where(page: Page, node: str) -> tuple[float, float]:
    """The point of the screen, in pixels, at which the canvas draws `node`."""
    page.locator(".canvas .stage").scroll_into_view_if_needed()
    x, y = page.evaluate(
        """(id) => {
          const { scene, stage } = huanchaCanvas;
          const box = stage.getBoundingClientRect();
          const at = scene.cy.getElementById(id).renderedPosition();
          return [box.x + at.x + stage.clientLeft, box.y + at.y + stage.clientTop];
        }""",
        node,
    )
    return x, y


def moved(before: dict[str, list[float]], after: dict[str, list[float]]) -> list[str]:
    """The nodes of `before` that stand elsewhere in `after`, by more than a unit."""
    return [id_ for id_, point in before.items() if math.dist(point, after[id_]) > 1]


def opened(page: Page, address: str) -> Page:
    """Go to `address` and wait until the page has drawn its title and come to rest."""
    page.goto(address)
    return settled(page)


def settled(page: Page) -> Page:
    """Wait until the running script has ended and what it drew is there, in its language."""
    page.wait_for_selector("[data-testid=stMainBlockContainer] h1", timeout=PATIENCE * 1000)
    page.wait_for_selector(
        "[data-testid=stApp][data-test-script-state=notRunning]", timeout=PATIENCE * 1000
    )
    page.wait_for_selector("html[data-dressed]", state="attached", timeout=PATIENCE * 1000)
    page.wait_for_timeout(400)
    return page


def take_role(page: Page, word: str) -> Page:
    """Pick another role of the demo at the side of the page."""
    page.get_by_test_id("stSidebar").get_by_role("combobox").first.click()
    page.get_by_role("option", name=word, exact=True).click()
    page.wait_for_timeout(500)
    return settled(page)
