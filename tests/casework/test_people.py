"""Roles and regions: who reaches what."""

import pytest

from casework.errors import NotAllowed, UnknownActor
from casework.people import Actor, Role, require

APPROVER = frozenset({Role.APPROVER})


@pytest.mark.parametrize(
    ("regions", "area"),
    [
        ((), "110105"),
        ((), ""),
        (("110000",), "110105"),
        (("11",), "110105"),
        (("130100", "1310"), "131002"),
    ],
)
def test_a_role_reaches_its_regions(regions, area):
    require(Actor("李立", APPROVER, frozenset(regions)), Role.APPROVER, area)


@pytest.mark.parametrize(
    ("regions", "area"), [(("120000",), "110105"), (("110100",), "110205"), (("1101",), "11")]
)
def test_a_role_ends_at_its_regions(regions, area):
    with pytest.raises(NotAllowed) as refused:
        require(Actor("李立", APPROVER, frozenset(regions)), Role.APPROVER, area)
    assert (refused.value.name, refused.value.area) == ("李立", area)


def test_another_role_or_nobody_reaches_nothing():
    with pytest.raises(NotAllowed):
        require(Actor("李立", APPROVER), Role.INVESTIGATOR)
    with pytest.raises(UnknownActor):
        require(None, Role.INVESTIGATOR)
