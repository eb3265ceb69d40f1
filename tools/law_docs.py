"""Write docs/law.md from the packs of law: `python -m tools.law_docs` (`--check` only compares)."""

from pathlib import Path

from casework.law import Band, Document, Pack, Provision, Unit, packs, read_calendar
from casework.law.holidays import Holiday, Year
from tools.pages import keep_page

PAGE = Path(__file__).parents[1] / "docs" / "law.md"
HEAD = """\
# The law 法规参数

Every number of the law that the product uses, from the packs in `casework/law/`. A province's own value goes before
the country's. **待核 unverified**: no official text was read, only a briefing, a digest or a draft; check it against
the issued text before deciding on it. This page is written by `tools/law_docs.py`.
"""
HOLIDAYS = """
## 工作日 Working days
Days off and the weekend days worked for them, from the yearly notices in `casework/law/holidays/`. A year that is not
here is refused, never guessed: put its notice as `holidays/2027.toml`, in the form of those, into the workspace. A
file there goes before ours of the same year.

| year | days off | notice |
|---|---|---|
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
    Unit.PERSONS: "人 persons",
}
UNVERIFIED = "**待核 unverified**"


def page() -> str:
    """The whole page, the country first."""
    return HEAD + "".join(map(_pack, packs())) + _holidays()


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


def _holidays() -> str:
    rows = "".join(map(_year, read_calendar().years.values()))
    return f"{HOLIDAYS}{rows}"


def _year(one: Year) -> str:
    days = "<br>".join(map(_holiday, one.holidays))
    return f"| {one.year} | {days} | {one.number}, {one.issued}<br>{one.source} |\n"


def _holiday(one: Holiday) -> str:
    days = f"{one.first:%m-%d}" + (f" – {one.last:%m-%d}" if one.last > one.first else "")
    work = ", ".join(f"{day:%m-%d}" for day in one.work)
    return f"{one.zh} {days}" + (f"; worked 上班 {work}" if work else "")


if __name__ == "__main__":
    keep_page("law_docs", PAGE, page(), __doc__)
