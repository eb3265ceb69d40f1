"""The templates of notices: ours from plain texts, an office's own as Word files in its workspace."""

import tomllib
from functools import partial
from pathlib import Path

from casework.layout import Layout, Style, Text
from casework.notices.served import Kind
from casework.word import BadTemplate, built
from casework.word import check as checked
from casework.word import lay_out as written_out

TEXTS = Path(__file__).parent / "texts"
FOLDER = "templates"
COMMON = frozenset({"office", "number", "date", "date_han", "addressee", "facts", "law", "matter"})
OWN = {
    Kind.PUBLICITY: frozenset({"term"}),
    Kind.ADVANCE: frozenset({"answer_by"}),
    Kind.DECISION: frozenset({"objection"}),
    Kind.REINSTATEMENT: frozenset({"reason", "restored_on"}),
}
ADDRESSEE = "{{ addressee }}："
FREE = frozenset({"date", "date_han", "facts"})
"""Fields a template may leave out, one of the two dates apart."""


def default(kind: Kind) -> bytes:
    """Our template of a kind of notice, as a Word file."""
    said = tomllib.loads((TEXTS / f"{kind}.toml").read_text("utf-8"))
    body = (
        Text(text, Style.PLAIN if text == ADDRESSEE else Style.BODY) for text in said["paragraphs"]
    )
    signed = (Text("{{ office }}", Style.RIGHT), Text("{{ date }}", Style.RIGHT))
    return built(Layout(said["title"], (Text("{{ number }}", Style.CENTRE), *body, *signed)))


def template(kind: Kind, workspace: Path) -> bytes:
    """The office's template, else ours; raises `BadTemplate` where its fields are not those of the kind."""
    file = workspace / FOLDER / f"{kind}.docx"
    content = file.read_bytes() if file.exists() else default(kind)
    check(kind, file.name, content)
    return content


def lay_out(workspace: Path) -> tuple[Path, ...]:
    """Write our templates into `templates/` of the workspace, where an office edits them; what is there stays.

    Returns those that were written.
    """
    return written_out(workspace / FOLDER, {kind: partial(default, kind) for kind in Kind})


def check(kind: Kind, name: str, content: bytes) -> None:
    """Let pass a template with the fields of its kind; raises `BadTemplate`."""
    known = COMMON | OWN[kind]
    if not checked(name, content, known, known - FREE) & {"date", "date_han"}:
        raise BadTemplate(name, "it has no date")
