"""The one door to typst: a paper as PDF/A with its fonts inside, the same content always as the same bytes."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import cast

import typst

from casework.beijing import BEIJING
from casework.errors import CaseworkError
from casework.layout import Lines, Paper, Style, Text

FOLDER = Path(__file__).parent / "fonts" / "dist"
SERIF, SANS = "Huancha Serif SC", "Huancha Sans SC"
SYSTEM = ("Noto Serif CJK SC", "Source Han Serif SC", "SimSun", "Songti SC", "FangSong")
SYMBOLS = ("Libertinus Serif", "New Computer Modern Math", "DejaVu Sans Mono")
"""Fonts that typst itself carries, for signs that Chinese fonts lack."""
STANDARD = "a-2b"
"""PDF/A-2b: every font inside, every glyph there."""
UNCOVERED = re.compile(r"text `(\".*?\")` could not be displayed")
PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
"""Characters that every font draws differently, or not at all."""
LONG = re.compile(r"[!-~]{13,}")
PIECE = 8
"""In tables a word of more than 12 letters may break after every 8."""
LOOK = """\
#set document(title: TITLE)
#set page(paper: "a4", margin: (top: 3.7cm, bottom: 3.5cm, left: 2.8cm, right: 2.6cm),
  footer: context align(center, text(size: 14pt, "— " + counter(page).display() + " —")))
#set text(font: SERIF, size: 16pt, lang: "zh", region: "cn", fallback: FALLBACK,
  top-edge: 0.88em, bottom-edge: -0.12em)
#set par(leading: 12pt, spacing: 12pt, justify: true)
#show table: set text(size: 9pt)
#set table.cell(breakable: false)
#show table: set par(leading: 4pt, spacing: 4pt, justify: false)
#let title(it) = align(center, text(size: 22pt, weight: "bold", it))
#let body(it) = par(first-line-indent: (amount: 2em, all: true), it)
#let plain(it) = par(justify: false, it)
#let heading_(it) = block(sticky: true, above: 18pt, text(font: SANS, weight: "bold", it))
#let heading(it) = heading_(it)
#let page_(it) = { pagebreak(weak: true); heading_(it) }
#let small(it) = text(size: 12pt, par(leading: 8pt, it))
#let centre(it) = align(center, it)
#let right_(it) = align(right, it)
#let grid_(widths, heads, cells) = table(columns: widths, stroke: 0.5pt, inset: 4pt,
  table.header(..heads.map(it => text(weight: "bold", it))), ..cells)
"""
CALLS = {
    style: f"{style}_" if style in (Style.PAGE, Style.RIGHT) else str(style) for style in Style
}


class NoFonts(CaseworkError):
    """There is no font with Chinese glyphs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"No font with Chinese glyphs is in {folder} or on this machine, so no PDF can be made: run "
            "make env where there is a network and carry that folder over, or install Noto Serif CJK."
        )


class UnusablePaper(CaseworkError):
    """Typst refused a paper."""

    def __init__(self, title: str, why: str) -> None:
        self.title = title
        self.why = why
        super().__init__(f"{title} could not be set as PDF ({why}): report this with the paper.")


@dataclass(frozen=True)
class Typeset:
    """A PDF. `missing` are the characters no font has; each stands in it as 〔U+…〕."""

    content: bytes
    missing: tuple[str, ...]


def typeset(paper: Paper, made: datetime) -> Typeset:
    """The paper as PDF/A that says it was made at `made`.

    The fonts laid by `make env` serve alone where they have every character, so that the machine does not
    matter; else the machine's fonts help. Raises `NoFonts` and `UnusablePaper`.
    """
    missing = tuple(sorted({sign for text in _texts(paper) for sign in PRIVATE.findall(text)}))
    paper = _without(paper, missing)
    for system in (False, True) if FOLDER.exists() else (True,):
        content, uncovered = _tried(paper, made, system=system)
        if content is not None:
            return Typeset(content, missing)
    if not FOLDER.exists() and not _chinese():
        raise NoFonts(FOLDER)
    named = sorted({sign for text in uncovered for sign in text})
    content, _ = _tried(_without(paper, named), made, system=True)
    if content is None:
        raise UnusablePaper(paper.title, ", ".join(named))
    return Typeset(content, tuple(sorted({*missing, *named})))


def pictures(paper: Paper) -> tuple[bytes, ...]:
    """The pages as PNG, to be looked at before the PDF is made."""
    found = _compiled(paper, system=not FOLDER.exists(), format="png", ppi=90.0)
    return (found,) if isinstance(found, bytes) else tuple(found)


def raster(svg: str, width: float, scale: float) -> bytes:
    """A picture `width` units wide as PNG, `scale` pixels to a unit. Raises `NoFonts` and `UnusablePaper`."""
    if not FOLDER.exists() and not _chinese():
        raise NoFonts(FOLDER)
    source = (
        "#set page(width: auto, height: auto, margin: 0pt)\n"
        f'#image(bytes(sys.inputs.svg), format: "svg", width: {width}pt)'
    )
    compiled: Callable[..., object] = typst.compile
    fonts = _fonts(not FOLDER.exists())
    try:
        found = compiled(
            source.encode(),
            font_paths=fonts,
            format="png",
            ppi=72.0 * scale,
            sys_inputs={"svg": svg},
        )
    except typst.TypstError as wrong:
        raise UnusablePaper("network.svg", wrong.message) from wrong
    return cast(bytes, found)


def _tried(paper: Paper, made: datetime, *, system: bool) -> tuple[bytes | None, list[str]]:
    """The PDF, or the texts for which a font lacks a glyph."""
    try:
        content = _compiled(
            paper, system=system, format="pdf", pdf_standards=[STANDARD],
            timestamp=made.replace(microsecond=0, tzinfo=BEIJING),
        )  # fmt: skip
    except typst.TypstError as wrong:
        texts = [
            json.loads(text) for text in UNCOVERED.findall(f"{wrong.message}\n{wrong.diagnostic}")
        ]
        if not texts:
            raise UnusablePaper(paper.title, wrong.message) from wrong
        return None, texts
    assert isinstance(content, bytes)
    return content, []


def _compiled(paper: Paper, *, system: bool, **asked: object) -> bytes | list[bytes]:
    source = source_of(paper, fallback=system).encode()
    compiled: Callable[..., object] = typst.compile
    return cast(bytes | list[bytes], compiled(source, font_paths=_fonts(system), **asked))


@cache
def _fonts(system: bool) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=system, font_paths=[FOLDER] if FOLDER.exists() else [])


def _chinese() -> bool:
    """Whether the machine's fonts draw Chinese."""
    content, _ = _tried(Paper("环查", ()), datetime(2000, 1, 1), system=True)  # noqa: DTZ001 any
    return content is not None


def source_of(paper: Paper, *, fallback: bool) -> str:
    """The paper in typst's language; `fallback`: any font may draw what the named ones lack."""
    there = set(_fonts(fallback).families())
    stack = [name for name in (SERIF, *SYSTEM, *SYMBOLS) if name in there]
    look = LOOK.replace("SERIF", _literals(stack)).replace("SANS", _literals([SANS, *stack]))
    look = look.replace("FALLBACK", str(fallback).lower()).replace("TITLE", _literal(paper.title))
    blocks = (f"#title({_literal(paper.title)})", *map(_block, paper.blocks))
    return look + "\n".join(blocks)


def _block(block: Text | Lines) -> str:
    if isinstance(block, Text):
        return f"#{CALLS[block.style]}({_literal(block.text)})"
    widths = ", ".join(f"{share}fr" for share in block.widths)
    cells = ", ".join(_cell(cell) for line in block.lines for cell in line)
    return f"#grid_(({widths},), {_literals(block.heads)}, ({cells},))" if cells else (
        f"#grid_(({widths},), {_literals(block.heads)}, ())"
    )  # fmt: skip


def _cell(text: str) -> str:
    """A cell whose long words may break."""
    parts, last = [], 0
    for found in LONG.finditer(text):
        parts.append(_literal(text[last : found.start()]))
        word, last = found[0], found.end()
        parts += [f"box({_literal(word[at : at + PIECE])})" for at in range(0, len(word), PIECE)]
    return " + ".join([*parts, _literal(text[last:])])


def _literals(texts: Iterable[str]) -> str:
    return "(" + "".join(f"{_literal(text)}, " for text in texts) + ")"


def _literal(text: str) -> str:
    """Text as typst writes it."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(sign if sign >= " " else _control(sign) for sign in plain) + '"'


def _control(sign: str) -> str:
    return {"\n": "\\n", "\t": " "}.get(sign, "")


def _texts(paper: Paper) -> Iterator[str]:
    yield paper.title
    for block in paper.blocks:
        if isinstance(block, Text):
            yield block.text
        else:
            yield from (*block.heads, *(cell for line in block.lines for cell in line))


def _without(paper: Paper, signs: Iterable[str]) -> Paper:
    """The paper with 〔U+…〕 in place of each of `signs`."""
    table = {ord(sign): f"〔U+{ord(sign):04X}〕" for sign in signs}
    if not table:
        return paper
    blocks = [
        replace(block, text=block.text.translate(table))
        if isinstance(block, Text)
        else replace(
            block, lines=tuple(tuple(c.translate(table) for c in line) for line in block.lines)
        )
        for block in paper.blocks
    ]
    return Paper(paper.title.translate(table), tuple(blocks))
