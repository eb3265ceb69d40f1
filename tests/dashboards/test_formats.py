"""Numbers, money, dates and masks as they stand on screen."""

import ast
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards import formats
from dashboards.formats import Language


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (0, "0.00 元", "¥0"),
        (123_450, "1,234.50 元", "¥1,235"),
        (999_999, "9,999.99 元", "¥10,000"),
        (1_000_000, "1.00 万元", "¥10,000"),
        (1_234_500, "1.23 万元", "¥12,345"),
        (1_235_000, "1.24 万元", "¥12,350"),
        (-1_235_000, "-1.24 万元", "-¥12,350"),
        (123_456_789_00, "1.23 亿元", "¥123.46 million"),
        (None, "–", "–"),
    ],
)
def test_money_takes_the_unit_a_reader_expects(fen: int | None, zh: str, en: str) -> None:
    assert formats.money(fen, Language.ZH) == zh
    assert formats.money(fen, Language.EN) == en


@pytest.mark.parametrize(
    ("fen", "shown"),
    [(5_000, "0.01"), (4_999, "0.00"), (-5_000, "-0.01"), (1_005_000, "1.01"), (0, "0.00")],
)
def test_wan_rounds_half_away_from_zero(fen: int, shown: str) -> None:
    assert formats.wan(fen) == shown


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_yuan_loses_no_fen(fen: int) -> None:
    text = formats.yuan(fen).replace(",", "")
    assert int(text.replace(".", "")) == fen


def test_dates_are_iso_in_tables_and_words_in_sentences() -> None:
    one, other = date(2026, 3, 5), date(2026, 3, 9)
    assert formats.day(one) == "2026-03-05"
    assert formats.long_day(one, Language.ZH) == "2026年3月5日"
    assert formats.long_day(one, Language.EN) == "5 March 2026"
    assert formats.days(one, other, Language.ZH) == "2026-03-05 至 2026-03-09"
    assert formats.days(one, one, Language.EN) == "2026-03-05"
    assert formats.minute(datetime(2026, 3, 5, 14, 3)) == "2026-03-05 14:03"
    assert formats.stamp("2026-03-05T14:03:59") == "2026-03-05 14:03"
    assert formats.stamp("no time") == "no time"
    assert formats.stamp(None) == "–"


def test_durations_and_shares() -> None:
    assert formats.seconds(0.417, Language.ZH) == "0.42 秒"
    assert formats.seconds(192.4, Language.ZH) == "3 分 12 秒"
    assert formats.seconds(119.7, Language.EN) == "2 min 0 s"
    assert formats.about(0.2, Language.ZH) == "0 秒"
    assert formats.about(192.4, Language.ZH) == "3 分 12 秒"
    assert formats.about(7_325, Language.EN) == "2 h 2 min"
    assert formats.percent(1, 3) == "33.3%"
    assert formats.percent(1, 0) == "–"
    assert [formats.percent(part, 100_000) for part in (0, 1, 49, 50)] == [
        "0.0%",
        "<0.1%",
        "<0.1%",
        "0.1%",
    ]
    assert [formats.percent(part, 100_000) for part in (99_949, 99_950, 100_000)] == [
        "99.9%",
        ">99.9%",
        "100.0%",
    ]
    assert formats.percent(-1, 3) == "-33.3%"
    assert formats.size(999) == "999 B"
    assert formats.size(1_250_000) == "1.3 MB"


@given(st.text(alphabet="0123456789X", min_size=1, max_size=24))
def test_a_mask_keeps_the_length_and_hides_the_middle(number: str) -> None:
    masked = formats.mask(number)
    assert len(masked) == len(number)
    assert masked.count("•") == max(len(number) - 5, 0) if len(number) > 5 else set(masked) == {"•"}


def test_markdown_cannot_eat_masks_or_ranges() -> None:
    assert formats.plain("110101********1234") == "110101" + r"\*" * 8 + "1234"
    assert formats.plain("1~5月 3~6月") == r"1\~5月 3\~6月"
    assert formats.plain("[看](x) <b> :red[x]") == r"\[看\]\(x\) \<b\> \:red\[x\]"
    assert "\n" not in formats.plain("一\n二")


def test_a_pseudonym_is_the_end_of_the_id() -> None:
    assert formats.pseudonym("pt_abcdefghijklmnop234567") == "234567"


def test_a_figure_is_not_broken_from_its_unit_or_its_sign() -> None:
    assert (
        formats.together("按 3 次计，预期为 < 0.0001 次")
        == "按 3\u00a0次计，预期为 <\u00a00.0001\u00a0次"
    )
    assert formats.together("16 of 46 leads") == "16 of 46 leads"


def test_every_field_that_asks_for_a_day_writes_it_as_the_tables_do() -> None:
    asked = [
        {keyword.arg: keyword.value for keyword in call.keywords}.get("format")
        for source in Path(formats.__file__).parent.rglob("*.py")
        for call in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "date_input"
    ]
    assert len(asked) > 10
    assert all(isinstance(one, ast.Name) and one.id == "DAY_FORMAT" for one in asked)
    assert formats.DAY_FORMAT.replace("YYYY", "2026").replace("MM", "03").replace(
        "DD", "05"
    ) == formats.day(date(2026, 3, 5))
