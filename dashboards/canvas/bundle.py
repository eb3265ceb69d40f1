"""The built engine: scripts and a style sheet that `make env` lays into `dist`.

Their names carry a hash of their content, so that a browser never keeps an old one.
"""

from pathlib import Path

HERE = Path(__file__).parent
DIST = HERE / "dist"
SCRIPT = "canvas-*.js"
STYLE = "canvas-*.css"
STANDALONE = "standalone-*.js"
LICENCES = "LICENCES.txt"


class BundleMissing(Exception):
    """The engine has not been built."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} holds no built canvas; run: make env")
        self.folder = folder


def built() -> bool:
    """Whether the engine is there."""
    return all(len(list(DIST.glob(name))) == 1 for name in (SCRIPT, STYLE, STANDALONE))


def standalone() -> str:
    """The engine as one script that draws what stands in its page. Raises `BundleMissing`."""
    return _read(STANDALONE)


def style() -> str:
    """The engine's style sheet. Raises `BundleMissing`."""
    return _read(STYLE)


def _read(pattern: str) -> str:
    found = list(DIST.glob(pattern))
    if len(found) != 1:
        raise BundleMissing(DIST)
    return found[0].read_text("utf-8")
