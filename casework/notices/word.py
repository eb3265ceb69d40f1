"""The one door to docxtpl and python-docx: building templates, filling them, always the same bytes."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph
from docxtpl.template import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from casework.notices.errors import BadTemplate

TITLE, BODY = ("宋体", 22.0), ("仿宋", 16.0)
"""Chinese font and size in points, after GB/T 9704-2012 as far as fonts that every office has allow."""
MARGINS = {"top_margin": 3.7, "bottom_margin": 3.5, "left_margin": 2.8, "right_margin": 2.6}
"""Centimetres, GB/T 9704-2012."""
EPOCH = (1980, 1, 1, 0, 0, 0)
MADE = datetime(2024, 1, 1)  # noqa: DTZ001 stands in every file alike


def built(title: str, number: str, paragraphs: Sequence[str], closing: Sequence[str]) -> bytes:
    """A Word file: title, number, paragraphs, and what is signed with, to the right."""
    made = Document()
    for name, centimetres in MARGINS.items():
        setattr(made.sections[0], name, Cm(centimetres))
    centre, right = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
    _write(made.add_paragraph(), title, TITLE, bold=True).alignment = centre
    _write(made.add_paragraph(), number, BODY).alignment = centre
    for text in paragraphs:
        written = _write(made.add_paragraph(), text, BODY)
        if text != "{{ addressee }}：":
            written.paragraph_format.first_line_indent = Pt(2 * BODY[1])
    for text in closing:
        _write(made.add_paragraph(), text, BODY).alignment = right
    made.core_properties.title, made.core_properties.author = title, ""
    made.core_properties.created = made.core_properties.modified = MADE
    kept = io.BytesIO()
    made.save(kept)
    return _settled(kept.getvalue())


def fields_in(name: str, content: bytes) -> set[str]:
    """The fields a template names, headers and footers included; raises `BadTemplate`."""
    try:
        return set(_opened(name, content).get_undeclared_template_variables(_jinja()))
    except TemplateError as wrong:
        raise BadTemplate(name, str(wrong)) from wrong


def filled(name: str, content: bytes, fields: Mapping[str, str]) -> bytes:
    """The template with its fields filled in; raises `BadTemplate`."""
    template = _opened(name, content)
    try:
        template.render(dict(fields), _jinja(), autoescape=True)
    except TemplateError as wrong:
        raise BadTemplate(name, str(wrong)) from wrong
    kept = io.BytesIO()
    template.save(kept)
    return _settled(kept.getvalue())


def _opened(name: str, content: bytes) -> DocxTemplate:
    try:
        template = DocxTemplate(io.BytesIO(content))
        template.init_docx()
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as wrong:
        raise BadTemplate(name, "it is no Word file (.docx)") from wrong
    return template


def _jinja() -> SandboxedEnvironment:
    """What templates may do: name fields, and nothing of the machine."""
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)


def _write(
    paragraph: Paragraph, text: str, font: tuple[str, float], *, bold: bool = False
) -> Paragraph:
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.font.bold = font[0], Pt(font[1]), bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font[0])
    paragraph.paragraph_format.line_spacing = Pt(28)
    return paragraph


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
