"""Turn the web fonts of the npm packages into the fonts of PDF papers: `python -m tools.lay_fonts MODULES DIST`."""

import json
import shutil
import sys
from pathlib import Path

from fontTools.ttLib import TTFont

KINDS = ("serif", "sans")
WEIGHTS = {400: "Regular", 700: "Bold"}
NAMES = (1, 2, 4, 6, 16, 17, 21, 22, 25)
"""What a font is called in its name table; the licence asks that a changed one is not called Source."""


def lay(modules: Path, dist: Path) -> None:
    """Write the fonts and `LICENCES.txt` into `dist`, which they replace; the same packages give the same bytes."""
    fresh = dist.with_name("dist.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    licences = []
    for kind in KINDS:
        package = modules / "@fontsource" / f"noto-{kind}-sc"
        for weight, style in WEIGHTS.items():
            file = package / "files" / f"noto-{kind}-sc-chinese-simplified-{weight}-normal.woff"
            _named(file, f"Huancha {kind.title()} SC", style, fresh)
        facts = json.loads((package / "package.json").read_text("utf-8"))
        text = (package / "LICENSE").read_text("utf-8").strip()
        licences.append(f"{facts['name']} {facts['version']} ({facts['license']})\n\n{text}\n")
    (fresh / "LICENCES.txt").write_text(f"\n{'-' * 72}\n\n".join(licences), "utf-8")
    shutil.rmtree(dist, ignore_errors=True)
    fresh.rename(dist)


def _named(file: Path, family: str, style: str, folder: Path) -> None:
    font = TTFont(file, recalcTimestamp=False)
    font.flavor = None
    for name in NAMES:
        font["name"].removeNames(nameID=name)
    postscript = f"{family}-{style}".replace(" ", "")
    for name, said in ((1, family), (2, style), (4, f"{family} {style}"), (6, postscript)):
        font["name"].setName(said, name, 3, 1, 0x409)
    font.save(folder / f"{postscript}.ttf")


if __name__ == "__main__":
    lay(Path(sys.argv[1]), Path(sys.argv[2]))
