"""When something is due by the law: a rule's length from its beginning, in the days that are worked."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from casework.errors import NoTerm
from casework.law import Calendar, Law, Provision, Rule, Unit

END = time(23, 59, 59)


@dataclass(frozen=True)
class Deadline:
    """The last moment for something; `law` cites where its length is from."""

    rule: Rule
    ends: datetime
    provision: Provision
    law: str


def deadline(law: Law, rule: Rule, begins: datetime, calendar: Calendar) -> Deadline:
    """When `rule` is due that runs from `begins`; the first day is not counted, days end at midnight.

    Hours run to the hour; a day of the month is the next one after `begins` (a batch taken on the 26th is due on
    the 26th after). Where the law gives a range, its longest holds. Raises `NotInLaw`, `NoHolidays` and `NoTerm`.
    """
    said = law[rule]
    day = begins.date()
    if said.unit is Unit.HOURS:
        ends = begins + timedelta(hours=said.most)
    elif said.unit is Unit.DAYS:
        ends = datetime.combine(day + timedelta(said.most), END)
    elif said.unit is Unit.WORKING_DAYS:
        ends = datetime.combine(calendar.add_working_days(day, said.most), END)
    elif said.unit is Unit.DAY_OF_MONTH:
        ends = datetime.combine(_next(day, said.most), END)
    else:
        raise NoTerm(rule)
    return Deadline(rule, ends, said, law.cite(said))


def _next(day: date, wanted: int) -> date:
    """The next day after `day` that is the `wanted` of its month, or a shorter month's last."""
    months = day.year * 12 + day.month - 1
    year, month = divmod(months + (_of_month(day.year, day.month, wanted) <= day), 12)
    return _of_month(year, month + 1, wanted)


def _of_month(year: int, month: int, wanted: int) -> date:
    return date(year, month, min(wanted, monthrange(year, month)[1]))
