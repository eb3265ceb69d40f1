"""Write docs/law.md from the packs of law: `python -m tools.law_docs` (`--check` only compares)."""

from pathlib import Path

from casework.law import Band, Document, Pack, Provision, Unit, packs
from tools.pages import keep_page

PAGE = Path(__file__).parents[1] / "docs" / "law.md"
HEAD = """\
# The law 法规参数

Every number of the law that the product uses, from the packs in `casework/law/`. A province's own value goes before
the country's. **待核 unverified**: no official text was read, only a briefing, a digest or a draft; check it against
the issued text before deciding on it. This page is written by `tools/law_docs.py`.
"""
UNITS = {
    Unit.POINTS: "分 points",
    Unit.TIMES: "次、倍 times",
    Unit.MONTHS: "个月 months",
    Unit.DAYS: "日 days",
    Unit.WORKING_DAYS: "个工作日 working days",
    Unit.HOURS: "小时 hours",
    Unit.DAY_OF_MONTH: "日 day of the month",
    Unit.FEN: "元 yuan",
    Unit.PERCENT: "%",
}
UNVERIFIED = "**待核 unverified**"


def page() -> str:
    """The whole page, the country first."""
    return HEAD + "".join(map(_pack, packs()))


def _pack(pack: Pack) -> str:
    ends = f" – {pack.ends}" if pack.ends else ""
    area = f", 区划 {pack.area}" if pack.area else ""
    day = f" ({UNVERIFIED} first day)" if pack.unverified else ""
    head = f"\n## {pack.zh} {pack.en}\n`{pack.name}`{area}, in force {pack.begins}{ends}{day}\n"
    bands = "\n| 分值 points | 情形 acts | source |\n|---|---|---|\n" if pack.bands else ""
    bands += "".join(
        f"| {band.least}–{band.most} | {_said(band)} | {_source(pack, band)} |\n"
        for band in pack.bands
    )
    rows = "".join(
        f"| `{rule}` | {_value(one)} | {_said(one)} | {_source(pack, one)} |\n"
        for rule, one in pack.provisions.items()
    )
    return (
        f"{head}{bands}\n| rule | value | meaning | source |\n|---|---|---|---|\n{rows}"
        f"\nDocuments:\n{''.join(map(_document, pack.documents.values()))}"
    )


def _said(cited: Band | Provision) -> str:
    return f"{cited.zh}<br>{cited.en}"


def _value(one: Provision) -> str:
    least, most = one.least, one.most
    if one.unit is Unit.FEN:
        least, most = least // 100, most // 100
    return f"{least:,}{'' if one.fixed else f' – {most:,}'} {UNITS[one.unit]}"


def _source(pack: Pack, cited: Band | Provision) -> str:
    return pack.cite(cited) + (f"<br>{UNVERIFIED}" if cited.unverified else "")


def _document(one: Document) -> str:
    return f"- {one.number}《{one.title}》, {one.issued}: {one.source}\n"


if __name__ == "__main__":
    keep_page("law_docs", PAGE, page(), __doc__)
