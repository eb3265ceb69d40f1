"""Working days by the notices, year by year; a year nobody told of is refused."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.errors import BadPack, NoHolidays
from casework.law import read_calendar
from casework.law.holidays import FOLDER, read_year

CALENDAR = read_calendar()
KNOWN = st.dates(date(2024, 1, 1), date(2026, 6, 30))


def test_three_years_are_known_with_their_notices():
    assert {year: said.number for year, said in CALENDAR.years.items()} == {
        2024: "国办发明电〔2023〕7号",
        2025: "国办发明电〔2024〕12号",
        2026: "国办发明电〔2025〕7号",
    }


@pytest.mark.parametrize(("year", "worked"), [(2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_the_working_days_its_notice_leaves(year, worked):
    days = (date(year, 1, 1) + timedelta(n) for n in range(366))
    assert sum(CALENDAR.working_day(day) for day in days if day.year == year) == worked


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 1, 2), False),  # Friday, 元旦
        (date(2026, 1, 4), True),  # Sunday, worked for it
        (date(2026, 2, 23), False),  # Monday, 春节
        (date(2026, 2, 28), True),  # Saturday, worked for it
        (date(2026, 10, 7), False),
        (date(2025, 10, 8), False),
        (date(2024, 10, 12), True),
        (date(2026, 3, 7), False),
        (date(2026, 3, 9), True),
    ],
)
def test_days_off_and_days_worked_for_them(day, worked):
    assert CALENDAR.working_day(day) is worked


@pytest.mark.parametrize(
    ("day", "many", "last"),
    [
        (date(2026, 3, 2), 7, date(2026, 3, 11)),
        (date(2026, 2, 13), 7, date(2026, 3, 2)),  # over 春节, with both Saturdays
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2025, 12, 31), 1, date(2026, 1, 4)),
        (date(2026, 1, 3), 0, date(2026, 1, 3)),
    ],
)
def test_working_days_are_counted_from_the_day_after(day, many, last):
    assert CALENDAR.add_working_days(day, many) == last


@settings(deadline=None)
@given(day=KNOWN, many=st.integers(1, 60))
def test_as_many_days_are_worked_as_were_asked_for(day, many):
    last = CALENDAR.add_working_days(day, many)
    between = (day + timedelta(n) for n in range(1, (last - day).days + 1))
    assert CALENDAR.working_day(last)
    assert sum(map(CALENDAR.working_day, between)) == many


@pytest.mark.parametrize("day", [date(2023, 12, 31), date(2027, 1, 1)])
def test_a_year_nobody_told_of_is_refused_by_its_number(day):
    with pytest.raises(NoHolidays, match=f"holidays/{day.year}.toml") as refused:
        CALENDAR.working_day(day)
    assert refused.value.year == day.year
    with pytest.raises(NoHolidays):
        CALENDAR.add_working_days(date(2026, 12, 31), 1)


def test_an_office_adds_a_year_and_corrects_one(tmp_path):
    folder = tmp_path / "holidays"
    folder.mkdir()
    text = (FOLDER / "2026.toml").read_text("utf-8")
    (folder / "2027.toml").write_text(
        'year = 2027\ntitle = "t"\nnumber = "n"\nissued = 2026-11-05\nsource = "s"\n[[holidays]]\n'
        'zh = "元旦"\nfirst = 2026-12-31\nlast = 2027-01-01\nwork = [2027-01-02]\n', "utf-8",
    )  # fmt: skip
    (folder / "2026.toml").write_text(text.replace("last = 2026-10-07", "last = 2026-10-08"))
    calendar = read_calendar(tmp_path)
    assert calendar.add_working_days(date(2026, 12, 30), 1) == date(2027, 1, 2)
    assert not calendar.working_day(date(2026, 10, 8))
    assert CALENDAR.working_day(date(2026, 10, 8))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("year = 2026", "year = 2025", "its year is 2025"),
        ("last = 2026-10-07", "last = 2026-09-30", "ends before"),
        ("work = [2026-01-04]", "work = [2026-01-05]", "no weekend"),
        ("work = [2026-01-04]", "work = [2026-01-03]", "twice"),
        ("work = [2026-05-09]", "work = [2027-05-08]", "another year"),
        ("first = 2026-10-01", "frist = 2026-10-01", "frist"),
        ("number =", "numbre =", "numbre"),
        ("year = 2026", "year = ", "nvalid"),
    ],
)
def test_what_is_wrong_in_a_year_is_said(tmp_path, old, new, says):
    text = (FOLDER / "2026.toml").read_text("utf-8")
    assert old in text
    file = tmp_path / "2026.toml"
    file.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(BadPack, match=says):
        read_year(file)
