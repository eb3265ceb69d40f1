"""What each element of the canvas is drawn with: Cytoscape's work before the first frame grows with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.journeys.desk import chromium, serving_page

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent
NODES = 120


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page with its canvas drawn."""
    log = tmp_path_factory.mktemp("canvas") / "page.log"
    with (
        chromium() as browser,
        serving_page(HERE / "canvas_page.py", log, CANVAS_NODES=str(NODES)) as address,
        browser.new_context(locale="zh-CN") as context,
    ):
        made = context.new_page()
        made.goto(f"{address}/?lang=zh")
        made.wait_for_selector(".canvas[data-stable]", timeout=60_000)
        made.wait_for_function("() => window.huanchaCanvas?.root.isConnected")
        made.wait_for_timeout(300)
        yield made


def test_each_node_has_its_picture_under_a_short_name(page: Page) -> None:
    found = page.evaluate(
        """() => {
          const { cy } = huanchaCanvas.scene;
          const ready = cy.renderer().imageCache;
          return cy.nodes().map((node) => [node.data("icon"), ready[node.data("icon")]?.image.naturalWidth]);
        }"""
    )
    assert len(found) == NODES
    assert all(len(name) < 12 and width == 80 for name, width in found)
    assert len({name for name, _ in found}) > 4


def test_in_a_great_picture_only_edges_that_say_something_have_script(page: Page) -> None:
    scripts = page.evaluate(
        """() => {
          const { scene, data } = huanchaCanvas;
          const edge = scene.cy.edges()[0];
          const script = () => [edge.style("label"), edge.style("font-size"), Boolean(edge._private.style["font-family"])];
          scene.dress({ ...data, edges: Array(2000) });
          const quiet = script();
          edge.select();
          return [quiet, script()];
        }"""
    )
    quiet, chosen = scripts
    assert quiet == ["", "16px", False]
    assert chosen[0]
    assert chosen[1:] == ["14px", True]
