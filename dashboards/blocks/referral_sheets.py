"""The lists of one lead as CSV, in the language of the tab: ids, public names of places, source rows."""

import csv
import io
from collections.abc import Iterable, Sequence

from dashboards.formats import DASH, yuan
from dashboards.reading.dossier import Dossier
from dashboards.texts import both, motif_title, region, t, term

RISKY = ("=", "+", "-", "@")
"""What a spreadsheet would take for a formula."""


def evidence_sheet(found: Dossier) -> bytes:
    """A line per entry of evidence, with the rows it comes from."""
    heads = (
        *("ring.evidence.no", "ring.evidence.motif", "space.clash.kind", "ring.gathering.at"),
        *("referral.column.until", "referral.column.code", "ring.gathering.place"),
        *("referral.column.patients", "ring.evidence.fund", "ring.evidence.note"),
        "ring.evidence.rows",
    )
    lines = []
    for entry in found.facts:
        place = found.places.get(entry.place) if entry.place is not None else None
        who = (found.patients[key] for key in entry.members if key in found.patients)
        lines.append((
            entry.no, motif_title(entry.motif), term("evidence", entry.kind), entry.at or "",
            entry.until or "", place.code if place else "", place.name if place else "",
            ";".join(who), yuan(entry.fund), both(entry.note_zh, entry.note_en), ";".join(entry.rows),
        ))  # fmt: skip
    return _sheet(heads, lines)


def members_sheet(found: Dossier) -> bytes:
    """A line per member."""
    heads = (
        *("ring.member.who", "ring.place.kind", "desk.column.kind", "referral.column.core"),
        *("ring.member.visits", "ring.member.fund"),
    )
    lines = [
        (
            member.id, term("kind", member.kind), term("role", member.role),
            t("yes" if member.core else "no"), member.visits, yuan(member.fund),
        )
        for member in found.members
    ]  # fmt: skip
    return _sheet(heads, lines)


def places_sheet(found: Dossier) -> bytes:
    """A line per place that a member used."""
    heads = (
        *("referral.column.code", "ring.place.name", "ring.place.kind", "ring.place.region"),
        *("ring.place.in", "ring.place.visits", "ring.place.people", "ring.place.fund"),
    )
    lines = [
        (
            use.place.code, use.place.name, term("kind", use.place.kind), region(use.place.admdvs),
            t("ring.place.in.yes" if use.in_ring else "ring.place.in.no"), use.use.visits,
            use.use.people, yuan(use.use.fund),
        )
        for use in found.uses
    ]  # fmt: skip
    return _sheet(heads, lines)


def _sheet(heads: Sequence[str], lines: Iterable[Sequence[object]]) -> bytes:
    """CSV that Excel opens with Chinese intact."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([t(head) for head in heads])
    writer.writerows([_safe(value) for value in line] for line in lines)
    return out.getvalue().encode("utf-8-sig")


def _safe(value: object) -> object:
    return (
        f"'{value}"
        if isinstance(value, str) and value.startswith(RISKY) and value != DASH
        else value
    )
