"""The papers of a referral: as Word from templates an office edits, and the same content as PDF."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache, partial
from pathlib import Path

from pydantic import TypeAdapter

from casework import pdf, word
from casework.law.read import read_toml
from casework.layout import Layout
from casework.referral.fields import Dossier, paper_fields

LAYOUTS = Path(__file__).parent / "layouts"
FOLDER = Path("templates") / "referral"
_LAYOUT = TypeAdapter(Layout)


class Kind(StrEnum):
    """移送书, 调查报告, 涉案物品清单, 回执, 证据目录, 结算记录摘录."""

    LETTER = "letter"
    REPORT = "report"
    ITEMS = "items"
    RECEIPT = "receipt"
    EVIDENCE = "evidence"
    SETTLEMENTS = "settlements"


NAMES = {
    Kind.LETTER: "01_涉嫌犯罪案件移送书",
    Kind.REPORT: "02_案件调查报告",
    Kind.ITEMS: "03_涉案物品清单",
    Kind.RECEIPT: "04_移送书（回执）",
    Kind.EVIDENCE: "05_证据目录",
    Kind.SETTLEMENTS: "06_结算记录摘录",
}
NEEDED = {
    Kind.LETTER: frozenset({"office", "police", "number", "crime", "law", "head", "approved_on"}),
    Kind.REPORT: frozenset({"officers", "facts", "crime", "law", "fund", "against"}),
    Kind.ITEMS: frozenset({"items", "office"}),
    Kind.RECEIPT: frozenset({"office", "number"}),
    Kind.EVIDENCE: frozenset({"rings"}),
    Kind.SETTLEMENTS: frozenset({"settlement_rows", "settlements_shown"}),
}
"""Fields that an office's own template may not leave out."""


@dataclass(frozen=True)
class Written:
    """Files by name, and the characters that no font has and that stand in PDFs by their number."""

    files: Mapping[str, bytes]
    missing: tuple[str, ...]


def write(dossier: Dossier, workspace: Path, made: datetime) -> Written:
    """All papers, each as .docx and .pdf; the same dossier, templates and `made` give the same bytes.

    Raises `BadTemplate`, `NoFonts`.
    """
    fields = paper_fields(dossier)
    files: dict[str, bytes] = {}
    missing: set[str] = set()
    for kind in Kind:
        files[f"{NAMES[kind]}.docx"] = word.filled(
            f"{kind}.docx", template(kind, workspace, frozenset(fields)), fields
        )
        typeset = pdf.typeset(word.printed(layout(kind), fields), made)
        files[f"{NAMES[kind]}.pdf"] = typeset.content
        missing |= set(typeset.missing)
    return Written(files, tuple(sorted(missing)))


def preview(dossier: Dossier, kind: Kind) -> tuple[bytes, ...]:
    """The pages of one paper as PNG; raises `NoFonts`."""
    return pdf.pictures(word.printed(layout(kind), paper_fields(dossier)))


@cache
def layout(kind: Kind) -> Layout:
    """Our layout of a paper."""
    return read_toml(LAYOUTS / f"{kind}.toml", _LAYOUT, lambda raw: raw)


def template(kind: Kind, workspace: Path, known: frozenset[str]) -> bytes:
    """The office's template, else ours; raises `BadTemplate` where its fields are not those of the paper."""
    file = workspace / FOLDER / f"{kind}.docx"
    if not file.exists():
        return _default(kind)
    content = file.read_bytes()
    word.check(file.name, content, known, NEEDED[kind])
    return content


def lay_out(workspace: Path) -> tuple[Path, ...]:
    """Write our templates into `templates/referral/` of the workspace; what is there stays. Returns what was written."""
    return word.lay_out(workspace / FOLDER, {kind: partial(_default, kind) for kind in Kind})


def _default(kind: Kind) -> bytes:
    return word.built(layout(kind))
