"""How numbers, money, dates and ids look on screen. Pure functions: value in, text out."""

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

FEN_PER_YUAN = 100
WAN = Decimal(10_000)
YI = Decimal(100_000_000)
PSEUDONYM_LENGTH = 6
DASH = "–"
DAY_FORMAT = "YYYY-MM-DD"  # of a field that asks for a day: as `day` writes it

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>$:&])")
_UNIT = re.compile(r"(?<=\d) (?=[\u4e00-\u9fff])|(?<=[<>≥≤]) (?=\d)")
_ENGLISH_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


class Language(StrEnum):
    """The two languages of the screen."""

    ZH = "zh"
    EN = "en"


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _yuan_of(fen: int) -> Decimal:
    return Decimal(int(fen)) / FEN_PER_YUAN


def count(value: int | None) -> str:
    """A count with thousands separators; a dash when unknown."""
    return DASH if value is None else f"{int(value):,}"


def yuan(fen: int | None) -> str:
    """Fen as yuan with two decimals and thousands separators, for a column headed 元."""
    return DASH if fen is None else f"{_yuan_of(fen):,.2f}"


def wan(fen: int | None) -> str:
    """Fen as ten-thousands of yuan with two decimals, half away from zero, for a column headed 万元."""
    return DASH if fen is None else f"{_rounded(_yuan_of(fen) / WAN, 2):,.2f}"


def money(fen: int | None, language: Language) -> str:
    """Fen with its unit, for cards and sentences: 元 below 10,000, then 万元, 亿元 from 10^8.

    English says yuan in thousands separators below a million, then million, then billion.
    """
    if fen is None:
        return DASH
    amount = _yuan_of(fen)
    size = abs(amount)
    if language is Language.ZH:
        if size >= YI:
            return f"{_rounded(amount / YI, 2):,.2f} 亿元"
        if size >= WAN:
            return f"{_rounded(amount / WAN, 2):,.2f} 万元"
        return f"{_rounded(amount, 2):,.2f} 元"
    sign = "-" if amount < 0 else ""
    if size >= 10**9:
        return f"{sign}¥{_rounded(size / 10**9, 2):,.2f} billion"
    if size >= 10**6:
        return f"{sign}¥{_rounded(size / 10**6, 2):,.2f} million"
    return f"{sign}¥{_rounded(size, 0):,.0f}"


def day(value: date | None) -> str:
    """An ISO date for tables."""
    return DASH if value is None else f"{value:%Y-%m-%d}"


def minute(value: datetime | None) -> str:
    """A Beijing time to the minute for tables."""
    return DASH if value is None else f"{value:%Y-%m-%d %H:%M}"


def long_day(value: date | None, language: Language) -> str:
    """A date for sentences: 2026年3月5日, 5 March 2026."""
    if value is None:
        return DASH
    if language is Language.ZH:
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {_ENGLISH_MONTHS[value.month - 1]} {value.year}"


def days(first: date | None, last: date | None, language: Language) -> str:
    """A span of dates for tables, one date when both are the same day."""
    if first is None or last is None:
        return day(first or last)
    if day(first) == day(last):
        return day(first)
    return f"{day(first)} {'至' if language is Language.ZH else 'to'} {day(last)}"


def seconds(value: float | None, language: Language) -> str:
    """How long something took: 0.42 秒, 3 分 12 秒."""
    if value is None:
        return DASH
    whole = float(value) if value < 10 else float(_rounded(Decimal(str(value)), 0))
    minutes, rest = divmod(whole, 60)
    short = f"{rest:.2f}" if not minutes and rest < 10 else f"{rest:.0f}"
    if language is Language.ZH:
        return f"{minutes:.0f} 分 {short} 秒" if minutes else f"{short} 秒"
    return f"{minutes:.0f} min {short} s" if minutes else f"{short} s"


def about(value: float, language: Language) -> str:
    """How long something takes, to the second below a minute, to the minute from an hour on."""
    whole = max(0, round(value))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    units = ("小时", "分", "秒") if language is Language.ZH else ("h", "min", "s")
    parts = (
        [(hours, units[0]), (minutes, units[1])]
        if hours
        else [(minutes, units[1]), (rest, units[2])]
    )
    return " ".join(f"{n} {unit}" for n, unit in parts if n) or f"0 {units[2]}"


def percent(part: float, whole: float) -> str:
    """`part` of `whole` with one decimal, never none or all by rounding; a dash when there is no whole."""
    if not whole:
        return DASH
    share = Decimal(str(part)) / Decimal(str(whole)) * 100
    if 0 < share < Decimal("0.05"):
        return "<0.1%"
    return ">99.9%" if Decimal("99.95") <= share < 100 else f"{_rounded(share, 1)}%"


def size(value: int | None) -> str:
    """Bytes in the unit a person reads."""
    if value is None:
        return DASH
    amount, unit = Decimal(int(value)), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    return f"{amount:.0f} {unit}" if unit == "B" else f"{_rounded(amount, 1)} {unit}"


def pseudonym(id_: str) -> str:
    """The end of a blind id: enough to tell people apart on one screen, nothing of who they are."""
    return id_[-PSEUDONYM_LENGTH:]


def mask(text: str, head: int = 3, tail: int = 2) -> str:
    """`text` with its middle as bullets, which Markdown cannot eat. Short texts are all bullets."""
    if len(text) <= head + tail:
        return "•" * len(text)
    return text[:head] + "•" * (len(text) - head - tail) + text[len(text) - tail :]


def plain(text: str) -> str:
    """`text` so that Streamlit's Markdown prints it as it is: stars, tildes, brackets, colons."""
    return _MARKDOWN.sub(r"\\\1", text).replace("\n", " ")


def together(text: str) -> str:
    """`text` whose figures are never broken from their unit or from the sign before them."""
    return _UNIT.sub("\u00a0", text)


def stamp(text: str | None) -> str:
    """An ISO time from a file as a Beijing time to the minute; the text itself if it is none."""
    try:
        return minute(datetime.fromisoformat(text)) if text else DASH
    except ValueError:
        return text or DASH
