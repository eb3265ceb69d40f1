"""Every value comes back from the text it is written as, and natural ones stay natural."""

from datetime import date, datetime

import pytest
from hypothesis import given

from casework.exports.values import native, read, text
from tests.casework.exports.networks import decoded, same, values


@given(values)
def test_every_value_comes_back(value):
    assert same(value, read(text(value)))
    assert same(value, decoded(text(value)))
    assert same(value, decoded(native(value)))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("张三", "张三"),
        ("两行\n字", "两行\n字"),
        (date(2026, 3, 2), "2026-03-02"),
        (datetime(2026, 3, 2, 9, 30), "2026-03-02T09:30:00"),
        (("a", "二"), '["a", "二"]'),
        (None, "\\null"),
        (2**63, "\\9223372036854775808"),
        ("2026-03-02", '\\"2026-03-02"'),
        ("\x00", '\\"\\u0000"'),
    ],
)
def test_what_is_written_can_be_read_by_people(value, written):
    assert native(value) == text(value) == written
