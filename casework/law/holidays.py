"""Holidays and working days by the yearly notices of the State Council's General Office; no year is guessed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from pydantic import TypeAdapter

from casework.errors import BadPack, NoHolidays
from casework.law.pack import STRICT, Document
from casework.law.read import read_toml

FOLDER = Path(__file__).parent / "holidays"
SATURDAY = 5


@dataclass(frozen=True)
class Holiday:
    """Days off from `first` to `last`, and the weekend days worked for them."""

    __pydantic_config__: ClassVar = STRICT

    zh: str
    first: date
    last: date
    work: tuple[date, ...] = ()

    @property
    def days(self) -> tuple[date, ...]:
        """Every day off."""
        return tuple(self.first + timedelta(n) for n in range((self.last - self.first).days + 1))


@dataclass(frozen=True)
class Year(Document):
    """One notice and the holidays it gives to `year`; it may give a day of the December before as well."""

    __pydantic_config__: ClassVar = STRICT

    year: int
    holidays: tuple[Holiday, ...]


@dataclass(frozen=True)
class Calendar:
    """Which days are worked, for the years that are known."""

    years: Mapping[int, Year]

    @cached_property
    def _given(self) -> Mapping[date, bool]:
        """The days that a notice makes off (False) or worked (True)."""
        found: dict[date, bool] = {}
        for year in self.years.values():
            for holiday in year.holidays:
                found |= dict.fromkeys(holiday.days, False) | dict.fromkeys(holiday.work, True)
        return found

    def working_day(self, day: date) -> bool:
        """Whether `day` is worked; raises `NoHolidays` where nobody told the holidays of its year."""
        if day.year not in self.years:
            raise NoHolidays(day.year)
        return self._given.get(day, day.weekday() < SATURDAY)

    def add_working_days(self, day: date, many: int) -> date:
        """The working day that is `many` after `day`, which is itself not counted; raises `NoHolidays`."""
        while many > 0:
            day += timedelta(1)
            many -= self.working_day(day)
        return day


def read_calendar(workspace: Path | None = None) -> Calendar:
    """The years that ship, and those an office put into `holidays/` of its workspace, which go first.

    A year's file is named by it (`2027.toml`). Raises `BadPack`.
    """
    folders = [FOLDER] if workspace is None else [FOLDER, workspace / "holidays"]
    files = [file for folder in folders for file in sorted(folder.glob("*.toml"))]
    found = [read_year(file) for file in files]
    return Calendar({one.year: one for one in found})


def read_year(file: Path) -> Year:
    """One year; raises `BadPack`."""
    found = read_toml(file, TypeAdapter(Year), lambda raw: raw)
    why = _fault(found, file.stem)
    if why:
        raise BadPack(file.name, why)
    return found


def _fault(found: Year, name: str) -> str | None:
    """What the form allows and the sense does not."""
    if name != str(found.year):
        return f"its year is {found.year}, not that of its name"
    off = [day for holiday in found.holidays for day in holiday.days]
    work = [day for holiday in found.holidays for day in holiday.work]
    if any(not holiday.days for holiday in found.holidays) or len({*off, *work}) < len(off + work):
        return "a holiday ends before it begins, or a day is given twice"
    first = date(found.year - 1, 12, 1)
    if any(not first <= day <= date(found.year, 12, 31) for day in off + work):
        return "a day lies in another year"
    if any(day.weekday() < SATURDAY for day in work):
        return "a day to be worked is no weekend"
    return None
