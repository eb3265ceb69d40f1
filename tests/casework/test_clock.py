"""When something is due, by the pack of the place and the notices of the years."""

from datetime import date, datetime

import pytest

from casework.clock import deadline
from casework.errors import NoHolidays, NoTerm, NotInLaw
from casework.law import Rule, law_on, read_calendar

CALENDAR = read_calendar()


def ends(rule, begins, area=""):
    return deadline(law_on(begins.date(), area), rule, begins, CALENDAR).ends


@pytest.mark.parametrize(
    ("rule", "area", "begins", "last"),
    [
        (Rule.PUBLICITY, "520102", "2026-02-13 16:00", "2026-03-02 23:59:59"),
        (Rule.OBJECTION, "110105", "2026-03-02 09:30", "2026-03-16 23:59:59"),
        (Rule.REFERRAL_APPROVAL, "", "2026-03-02 09:30", "2026-03-05 23:59:59"),
        (Rule.REFERRAL_SENDING, "", "2026-03-05 17:10", "2026-03-06 17:10"),
        (Rule.FILING_CHECK, "", "2026-09-15 09:00", "2026-10-12 23:59:59"),
        (Rule.ASSISTANCE_DAY, "131000", "2026-01-26 08:00", "2026-02-26 23:59:59"),
        (Rule.ASSISTANCE_DAY, "131000", "2026-01-25 08:00", "2026-01-26 23:59:59"),
        (Rule.ASSISTANCE_DAY, "131000", "2026-12-26 08:00", "2027-01-26 23:59:59"),
        (Rule.ASSISTANCE_CONFIRMATION, "131000", "2026-02-26 08:00", "2026-03-04 23:59:59"),
        (Rule.PENALTY_DECISION, "", "2026-01-01 08:00", "2026-04-01 23:59:59"),
    ],
)
def test_a_rule_is_due_by_its_unit(rule, area, begins, last):
    assert ends(rule, datetime.fromisoformat(begins), area) == datetime.fromisoformat(last)


def test_a_deadline_cites_its_law_and_says_what_nobody_verified():
    found = deadline(law_on(date(2026, 3, 2)), Rule.OBJECTION, datetime(2026, 3, 2), CALENDAR)
    assert (found.law, found.provision.unverified) == ("省级征求意见稿", True)


def test_what_cannot_be_counted_is_refused():
    with pytest.raises(NoTerm):
        ends(Rule.POINTS_CAP, datetime(2026, 3, 2))
    with pytest.raises(NotInLaw):
        ends(Rule.PUBLICITY, datetime(2026, 3, 2), "11")
    with pytest.raises(NoHolidays, match="2027"):
        ends(Rule.OBJECTION, datetime(2026, 12, 28))
