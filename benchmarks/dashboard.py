"""How long the dashboard keeps people waiting: pages, canvas, clicks, and many users while a scan runs.

    python benchmarks/dashboard.py WORKSPACE [--users 20] [--thinks 5] [--seconds 60] [--result FILE]
    python benchmarks/dashboard.py WORKSPACE --cold 5 [--result FILE]

WORKSPACE holds a snapshot and a scan. Debian's chromium opens every page as a user with a warm browser
does, the canvas with 500, 2,000 and 5,000 nodes, and works at the desk on the ring with the most members.
The users of the last part speak the server's protocol without a browser; the scan that runs beside them
is one of the same workspace, in a process of its own as `huancha work` starts it. With `--cold` nothing is
measured but the pages' first openings, on so many servers just started.
"""

import argparse
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page, ViewportSize  # noqa: E402

from benchmarks.busy_users import opened_once, visits_of  # noqa: E402
from casework.people import Role  # noqa: E402
from dashboards.pages import HOME, PAGES  # noqa: E402
from graph.results import latest_scan  # noqa: E402
from tests.journeys.desk import chromium, serving, serving_page  # noqa: E402

SIZES = (500, 2_000, 5_000)
ROUNDS = 5
SCREEN: ViewportSize = {"width": 1366, "height": 768}
ALONE = "alone"
FIRST = (
    "[data-testid=stMainBlockContainer] :is([class*=st-key-card_], [data-testid=stTable], iframe)"
)
AT_REST = "[data-testid=stApp][data-test-script-state=notRunning]"
DRAWN = ".canvas[data-stable]"

LONGEST = 5_000
GESTURES = {"click": "choose", "expand": "expand"}
UNTIL_DRAWN = """([gesture, id, longest]) => new Promise((done) => {
  const { size } = huanchaCanvas.content.nodes;
  const began = performance.now();
  const there = () => gesture === "expand"
    ? huanchaCanvas.content.nodes.size > size
    : [...document.querySelectorAll("h3")].some((head) => head.textContent.includes(id.slice(-6)));
  const drawn = () => requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
  const look = () => {
    if (there()) drawn();
    else if (performance.now() - began > longest) done(null);
    else setTimeout(look, 2);
  };
  huanchaCanvas[gesture](id);
  look();
})"""
"""Milliseconds from a gesture to the frame that shows what came of it, by the browser's own clock; null
where nothing came: an expansion of someone whose neighbours are all there already."""

Times = dict[str, list[float]]


def addresses(workspace: Path) -> dict[str, str]:
    """Every page's name and address below the server's: the ring with the most members, its busiest people."""
    scan = latest_scan(workspace)
    rings = scan.rings(limit=1_000).items
    members = {found.ring: scan.members(found.ring) for found in rings}
    ring = max(members, key=lambda found: len(members[found]))
    practitioner = next(
        m.id for ring in rings for m in members[ring.ring] if m.kind == "practitioner"
    )
    plain = {page.name: page.name for page in PAGES if Role.INVESTIGATOR in page.roles}
    return plain | {
        HOME: "",
        "ring": f"ring?ring={ring}",
        "profile": f"profile?entity={practitioner}",
        "workbench": f"workbench?ring={ring}",
    }


@contextmanager
def _new_page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport=SCREEN) as context:
        page = context.new_page()
        page.set_default_timeout(60_000)
        yield page


def opened(page: Page, address: str) -> tuple[float, float]:
    """Seconds until there is something to read below the title, and until all of it is there."""
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(FIRST)
    first = time.perf_counter() - began
    page.wait_for_selector(AT_REST)
    return first, time.perf_counter() - began


def pages(page: Page, server: str, where: dict[str, str]) -> Times:
    """Each page first on a fresh server, then `ROUNDS` times."""
    found: Times = {}
    for turn in range(ROUNDS + 1):
        for name, address in where.items():
            first, whole = opened(page, f"{server}/{address}")
            kind = "cold" if turn == 0 else "warm"
            found.setdefault(f"{name} {kind}, first", []).append(first)
            found.setdefault(f"{name} {kind}, all", []).append(whole)
    return found


def first_openings(
    browser: Browser, workspace: Path, log: Path, where: dict[str, str], rounds: int
) -> Times:
    """Each page on a server just started, one after the other, by a browser that knows none of them; the server's start.

    Before them a page without data: what a new browser takes for the first page of all, whatever is on it.
    """
    found: Times = {}
    for _ in range(rounds):
        began = time.perf_counter()
        with serving(workspace, log) as server, _new_page(browser) as page:
            found.setdefault("server answers", []).append(time.perf_counter() - began)
            for what, took in zip(("first", "all"), opened(page, f"{server}/methods"), strict=True):
                found.setdefault(f"new browser, {what}", []).append(took)
            for name, address in where.items():
                first, whole = opened(page, f"{server}/{address}")
                found.setdefault(f"{name} cold, first", []).append(first)
                found.setdefault(f"{name} cold, all", []).append(whole)
    return found


def canvases(page: Page, log: Path) -> Times:
    """The canvas alone, from its place in a running page to its standing still: shown again `ROUNDS` times."""
    found: Times = {}
    for size in SIZES:
        module = ROOT / "tests" / "journeys" / "canvas_page.py"
        with serving_page(module, log, CANVAS_NODES=str(size)) as server:
            page.goto(server)
            page.wait_for_selector(DRAWN, timeout=120_000)
            away = page.get_by_text("away", exact=True)
            for _ in range(ROUNDS):
                away.click()
                page.wait_for_selector(".canvas", state="detached")
                began = time.perf_counter()
                away.click()
                page.wait_for_selector(DRAWN)
                found.setdefault(f"canvas {size}", []).append(time.perf_counter() - began)
    return found


def at_the_desk(page: Page, server: str, address: str) -> Times:
    """Clicks until the panel says who it is, and expansions until the new nodes stand on the canvas."""
    found: Times = {"click": [], "expand": []}
    page.goto(f"{server}/{address}")
    page.wait_for_selector(DRAWN)
    page.wait_for_selector(AT_REST)
    page.wait_for_timeout(1_000)
    people = page.evaluate(
        "() => [...huanchaCanvas.content.nodes.keys()].filter((id) => id.startsWith('pt_')).slice(0, 20)"
    )
    for what, gesture in GESTURES.items():
        for node in people:
            page.wait_for_selector(AT_REST)
            page.wait_for_timeout(1_000)
            took = page.evaluate(UNTIL_DRAWN, [gesture, node, LONGEST])
            if took is not None:
                found[what].append(took / 1_000)
    return found


def asked(where: dict[str, str]) -> list[tuple[str, str]]:
    """Each page with what follows the question mark of its address."""
    return [(name, address.partition("?")[2]) for name, address in where.items()]


def busy(
    workspace: Path, server: str, where: dict[str, str], given: argparse.Namespace, beside: str
) -> Times:
    """Every answer the users got, with the machine to themselves or while a scan runs."""
    pages = asked(where)
    scan = _scan(workspace) if beside != ALONE else None
    try:
        visits = visits_of(server, pages, given.users, given.thinks, given.seconds)
    finally:
        if scan is not None:
            os.killpg(scan.pid, signal.SIGKILL)
            scan.wait()
            shutil.rmtree(_beside(workspace))
    users = f"{given.users} users, {beside}"
    found = {users: [visit.took for visit in visits]}
    for name, _ in pages:
        found[f"{users}, {name}"] = [v.took for v in visits if v.page == name]
    return found


def _beside(workspace: Path) -> Path:
    return workspace.parent / f"{workspace.name}-scanned"


def _scan(workspace: Path) -> "subprocess.Popen[bytes]":
    """Scans, one after the other, over a copy that shares the tables' files: what it would publish is thrown away."""
    beside = _beside(workspace)
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(
        workspace, beside, copy_function=os.link, ignore=shutil.ignore_patterns("scans", "*.db*")
    )
    command = f"while {sys.executable} -m huancha.cli scan --workspace {beside}; do :; done"
    return subprocess.Popen(
        ["nice", "-n", "10", "bash", "-c", command],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def table(found: Times) -> Iterable[str]:
    """Lines of Markdown: milliseconds, median and p95."""
    for name, times in found.items():
        if times:
            last = quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]
            figures = (median(times), last, max(times))
            yield (
                f"| {name} | {len(times)} | "
                + " | ".join(f"{1000 * f:,.0f}" for f in figures)
                + " |"
            )


def _alone(browser: Browser, workspace: Path, log: Path, where: dict[str, str]) -> Iterator[Times]:
    """What one person waits for, piece by piece."""
    with _new_page(browser) as page:
        with serving(workspace, log) as server:
            yield pages(page, server, where)
            yield at_the_desk(page, server, where["workbench"])
        yield canvases(page, log)


def _together(given: argparse.Namespace, log: Path, where: dict[str, str]) -> Iterator[Times]:
    """What many wait for, without a browser: whose driver keeps an event loop of its own."""
    with serving(given.workspace, log) as server:
        opened_once(server, asked(where))
        for beside in (ALONE, "beside a scan"):
            yield busy(given.workspace, server, where, given, beside)


def main() -> None:
    """Measure, print, and write to `--result`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--thinks", type=float, default=5.0, help="seconds between a user's pages")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--cold", type=int, default=0, metavar="N", help="first openings only")
    parser.add_argument("--result", type=Path)
    given = parser.parse_args()
    where = addresses(given.workspace)
    lines = [
        f"{platform.machine()}, {os.cpu_count()} cores",
        "",
        "| what | n | median ms | p95 ms | worst ms |",
        "|---|---|---|---|---|",
    ]

    def told(found: Times) -> None:
        lines.extend(table(found))
        print(*table(found), sep="\n", flush=True)

    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "serve.log"
        with chromium() as browser:
            if given.cold:
                told(first_openings(browser, given.workspace, log, where, given.cold))
            else:
                for found in _alone(browser, given.workspace, log, where):
                    told(found)
        if not given.cold:
            for found in _together(given, log, where):
                told(found)
    if given.result:
        given.result.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
