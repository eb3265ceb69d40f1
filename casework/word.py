"""The one door to docxtpl, python-docx and jinja2: building templates, filling them, always the same bytes."""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import cast

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Length, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph
from docxtpl.template import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from casework.errors import CaseworkError
from casework.layout import Each, Fields, Grid, Layout, Lines, Paper, Style, Text

TITLE, BODY, HEADING = ("宋体", 22.0), ("仿宋", 16.0), ("黑体", 16.0)
SMALL, CELL, FOOT = ("仿宋", 12.0), ("宋体", 9.0), ("宋体", 14.0)
"""Chinese font and size in points, after GB/T 9704-2012 as far as fonts that every office has allow."""
LINE = 28.0
"""From line to line in points, GB/T 9704-2012."""
MARGINS = {"top_margin": 3.7, "bottom_margin": 3.5, "left_margin": 2.8, "right_margin": 2.6}
"""Centimetres, GB/T 9704-2012."""
PAGE = {"page_width": 21.0, "page_height": 29.7}
WIDTH = 15.6
"""Centimetres between the margins."""
EPOCH = (1980, 1, 1, 0, 0, 0)
MADE = datetime(2024, 1, 1)  # noqa: DTZ001 stands in every file alike


class BadTemplate(CaseworkError):
    """A template of a paper cannot be filled."""

    def __init__(self, template: str, why: str) -> None:
        self.template = template
        self.why = why
        super().__init__(
            f"The template {template} cannot be used ({why}): correct it in Word, or move it away and "
            "have it written again by the command `templates`."
        )


def built(layout: Layout) -> bytes:
    """A Word template: the title, the blocks with their fields, the page's number at its foot."""
    made = Document()
    made.styles.element.find(f".//{qn('w:lang')}").set(qn("w:eastAsia"), "zh-CN")
    for name, centimetres in (MARGINS | PAGE).items():
        setattr(made.sections[0], name, Cm(centimetres))
    _paragraph(made, Text(layout.title, Style.CENTRE), TITLE, bold=True)
    for block in layout.blocks:
        _block(made, block)
    _numbered(made)
    made.core_properties.title, made.core_properties.author = layout.title, ""
    made.core_properties.created = made.core_properties.modified = MADE
    kept = io.BytesIO()
    made.save(kept)
    return _settled(kept.getvalue())


def check(name: str, content: bytes, known: frozenset[str], needed: frozenset[str]) -> set[str]:
    """The fields a template names, headers and footers included.

    Raises `BadTemplate` where one is not `known`, or one that is `needed` is not named.
    """
    try:
        named = set(_opened(name, content).get_undeclared_template_variables(_jinja()))
    except TemplateError as wrong:
        raise BadTemplate(name, str(wrong)) from wrong
    if named - known:
        raise BadTemplate(
            name, f"it names {_listed(named - known)}, the fields are {_listed(known)}"
        )
    if needed - named:
        raise BadTemplate(name, f"it leaves out {_listed(needed - named)}")
    return named


def lay_out(folder: Path, templates: Mapping[str, Callable[[], bytes]]) -> tuple[Path, ...]:
    """Write templates that are not in `folder` yet, as `<name>.docx`; returns those."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = {folder / f"{name}.docx": made for name, made in templates.items()}
    missing = {file: made for file, made in missing.items() if not file.exists()}
    for file, made in missing.items():
        file.write_bytes(made())
    return tuple(missing)


def filled(name: str, content: bytes, fields: Fields) -> bytes:
    """The template with its fields filled in; raises `BadTemplate`."""
    template = _opened(name, content)
    try:
        template.render(dict(fields), _jinja(), autoescape=True)
    except TemplateError as wrong:
        raise BadTemplate(name, str(wrong)) from wrong
    kept = io.BytesIO()
    template.save(kept)
    return _settled(kept.getvalue())


def printed(layout: Layout, fields: Fields) -> Paper:
    """The layout with its fields filled in, for other doors than Word; raises jinja2's errors for a missing field."""
    return Paper(layout.title, tuple(_printed(layout.blocks, dict(fields))))


def _printed(
    blocks: Sequence[Text | Grid | Each], fields: dict[str, object]
) -> Iterator[Text | Lines]:
    for block in blocks:
        if isinstance(block, Text):
            yield Text(_said(block.text, fields), block.style)
        elif isinstance(block, Grid):
            lines = tuple(
                tuple(_said(cell, {**fields, "row": row}) for cell in block.cells)
                for row in _list(block.rows, fields)
            )
            yield Lines(block.heads, lines, block.widths)
        else:
            for one in _list(block.each, fields):
                yield from _printed(block.blocks, {**fields, block.one: one})


def _list(name: str, fields: dict[str, object]) -> Iterable[object]:
    """A list by its name, `rings` or `ring.rows`."""
    found = _plain().compile_expression(name, undefined_to_none=False)(**fields)
    return cast(Iterable[object], found)


def _said(text: str, fields: dict[str, object]) -> str:
    return _plain().from_string(text).render(fields)


def _plain() -> SandboxedEnvironment:
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)


def _jinja() -> SandboxedEnvironment:
    """What templates may do: name fields, and nothing of the machine."""
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)


def _opened(name: str, content: bytes) -> DocxTemplate:
    try:
        template = DocxTemplate(io.BytesIO(content))
        template.init_docx()
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as wrong:
        raise BadTemplate(name, "it is no Word file (.docx)") from wrong
    return template


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _block(made: DocumentObject, block: Text | Grid | Each) -> None:
    if isinstance(block, Text):
        font = {Style.HEADING: HEADING, Style.PAGE: HEADING, Style.SMALL: SMALL}
        _paragraph(made, block, font.get(block.style, BODY))
    elif isinstance(block, Grid):
        _grid(made, block)
    else:
        made.add_paragraph(f"{{%p for {block.one} in {block.each} %}}")
        for inner in block.blocks:
            _block(made, inner)
        made.add_paragraph("{%p endfor %}")


def _paragraph(
    made: DocumentObject, block: Text, font: tuple[str, float], *, bold: bool = False
) -> None:
    written = made.add_paragraph()
    _write(written, block.text, font, bold=bold)
    shape = written.paragraph_format
    shape.line_spacing = Pt(LINE if font[1] > SMALL[1] else LINE - 8)
    shape.space_after = Pt(0)
    if block.style is Style.BODY:
        shape.first_line_indent = Pt(2 * font[1])
    elif block.style is Style.CENTRE:
        written.alignment = WD_ALIGN_PARAGRAPH.CENTER
        shape.space_after = Pt(LINE / 2)
    elif block.style is Style.RIGHT:
        written.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    elif block.style in (Style.HEADING, Style.PAGE):
        shape.keep_with_next = True
        shape.page_break_before = block.style is Style.PAGE


def _grid(made: DocumentObject, block: Grid) -> None:
    """A table whose heads stand on every page; the lines before and after the cells repeat them."""
    table = made.add_table(4, len(block.heads), style="Table Grid")
    table.autofit = False
    cells = (
        *(block.heads,),
        (f"{{%tr for row in {block.rows} %}}",),
        block.cells,
        ("{%tr endfor %}",),
    )
    for line, texts in enumerate(cells):
        for column, text in enumerate(texts):
            _write(table.cell(line, column).paragraphs[0], text, CELL, bold=line == 0)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    _widths(table, block.widths)
    made.add_paragraph().paragraph_format.space_after = Pt(0)


def _widths(table: Table, shares: Sequence[int]) -> None:
    for column, share in zip(table.columns, shares, strict=True):
        width = Length(Cm(WIDTH) * share // sum(shares))
        column.width = width
        for cell in column.cells:
            cell.width = width


def _numbered(made: DocumentObject) -> None:
    """— 1 — at the foot of each page."""
    foot = made.sections[0].footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(foot, "— ", FOOT)
    run = foot.add_run()
    for kind in ("begin", "instr", "end"):
        run._element.append(_field(kind))
    _write(foot, " —", FOOT)


def _field(kind: str) -> BaseOxmlElement:
    if kind == "instr":
        made = OxmlElement("w:instrText")
        made.text = "PAGE"
        return made
    made = OxmlElement("w:fldChar")
    made.set(qn("w:fldCharType"), kind)
    return made


def _write(paragraph: Paragraph, text: str, font: tuple[str, float], *, bold: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.font.bold = font[0], Pt(font[1]), bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font[0])


def _settled(content: bytes) -> bytes:
    """The same file with fixed times inside, so that the same content has the same bytes."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(kept, "w") as after:
        for name in sorted(
            before.namelist(), key=lambda name: (name != "[Content_Types].xml", name)
        ):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(entry, before.read(name))
    return kept.getvalue()
