"""The folder that goes to public security: papers, source rows, and the network in every format."""

import csv
import io
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from casework.exports.content import Content
from casework.exports.formats import FORMATS
from casework.referral.checklist import Matter, checklist, missing
from casework.referral.errors import Unfinished
from casework.referral.fields import Dossier
from casework.referral.papers import NAMES, Kind, Written, write

SOURCE_ROWS = "source_rows.csv"
NETWORK = "network"


@dataclass(frozen=True)
class Package:
    """Files by name with `/` between folders. `warnings`: what no font could draw."""

    files: Mapping[str, bytes]
    source_rows: str
    provenance: Mapping[str, str]
    warnings: tuple[str, ...]


def package(matter: Matter, content: Content, workspace: Path) -> Package:
    """What is sealed of an approved referral; the same record, data and templates give the same bytes.

    `content` is dressed for public security, `matter` looks at the same rings. Raises `Unfinished` with everything
    that is missing, `BadTemplate`, `NoFonts`.
    """
    found = matter.found
    lacking = missing(checklist(matter))
    if lacking:
        raise Unfinished(found.no, lacking)
    assert found.report is not None and found.report.reviewed_at is not None  # noqa: PT018
    made = found.report.reviewed_at
    network = _network(content)
    attachments = (
        *(name.partition("_")[2] for kind, name in NAMES.items() if kind is not Kind.LETTER),
        f"源记录清单（{SOURCE_ROWS}）", f"网络图数据（{NETWORK}，{len(network)}个文件）",
    )  # fmt: skip
    dossier = Dossier(found, matter.case, content, matter.law, made.date(), attachments)
    papers = write(dossier, workspace, made)
    return Package(
        files={**papers.files, **network, SOURCE_ROWS: _source_rows(content)},
        source_rows=SOURCE_ROWS,
        provenance={**content.network.provenance, "referral": str(found.no), **_signs(papers)},
        warnings=papers.missing,
    )


def _signs(papers: Written) -> dict[str, str]:
    """The characters that stand in PDFs by their number, for the record."""
    signs = " ".join(f"U+{ord(sign):04X}" for sign in papers.missing)
    return {"characters_without_glyph": signs} if signs else {}


def _network(content: Content) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        written = [file for one in FORMATS for file in one.write(content, here)]
        return {
            f"{NETWORK}/{file.relative_to(here).as_posix()}": file.read_bytes() for file in written
        }


def _source_rows(content: Content) -> bytes:
    """Each source row with file and line, and the findings it stands behind, as CSV that Excel opens."""
    behind: dict[tuple[str, str, str], list[str]] = {}
    for ring in content.rings:
        for finding in ring.findings:
            for one in finding.sources:
                key = (one.row, one.file or "", "" if one.line is None else str(one.line))
                behind.setdefault(key, []).append(f"{ring.ring.ring}#{finding.no}")
    lines: Iterable[tuple[str, ...]] = (
        (*key, " ".join(dict.fromkeys(findings))) for key, findings in sorted(behind.items())
    )
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("源记录 row", "文件 file", "行 line", "证据 findings"))
    writer.writerows(lines)
    return out.getvalue().encode("utf-8-sig")
