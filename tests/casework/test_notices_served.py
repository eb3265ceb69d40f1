"""Served notices on both databases: about what stands, once on paper, never changed."""

import hashlib
from datetime import date, timedelta

import pytest

from casework import audit, notices
from casework.errors import NoDocument, NoLine, NotAllowed
from casework.notices import About, Kind
from casework.notices.errors import NoNotice
from casework.sql import delete, insert, update
from casework.store.appeal_tables import NOTICES
from tests.casework.conftest import NOW, got_round
from tests.casework.decided import TODAY, punished, score, serve

DIGEST = "0" * 64


def test_a_notice_is_kept_with_its_day_and_the_hash_of_its_file(store, act, chen, li):
    line = About(act(score, chen, li))
    served = act(serve, chen, line)
    assert (served.served_on, served.kind, served.number) == (
        TODAY, Kind.DECISION, "京医保处〔2026〕8号",
    )  # fmt: skip
    assert served.sha256 == hashlib.sha256(b"notice").hexdigest()
    assert act(notices.notices_about, line) == (served,)
    assert act(notices.notices_about, About(None, 1)) == ()
    (told,) = audit.entries(store, action="notice.serve").entries
    assert (told.subject, told.facts["sha256"]) == ("pr_a", served.sha256)
    assert audit.verify(store) is None


def test_a_notice_tells_of_what_stands(act, chen, li):
    line, sanction = act(punished, chen, li)
    for about in (line, sanction):
        with pytest.raises(NoNotice):
            act(serve, chen, about, Kind.ADVANCE)
        act(serve, chen, about, Kind.PUBLICITY)
    with pytest.raises(NoLine):
        act(serve, chen, About(99))
    with pytest.raises(NotAllowed):
        act(serve, li, line)
    with pytest.raises(NoDocument):
        act(serve, chen, line, day=TODAY + timedelta(1))
    with pytest.raises(NoDocument):
        act(notices.serve, chen, Kind.DECISION, line, " ", TODAY, b"", NOW)


ROW = {
    "no": 9, "kind": "decision", "line": 1, "number": "1号", "served_on": date(2026, 3, 2),
    "sha256": DIGEST, "author": "x", "at": NOW,
}  # fmt: skip
BREACHES = [
    update(NOTICES).values(served_on=date(2026, 1, 1)),
    delete(NOTICES),
    insert(NOTICES).values(ROW | {"sanction": 1}),
    insert(NOTICES).values(ROW | {"line": None}),
    insert(NOTICES).values(ROW | {"number": " "}),
    insert(NOTICES).values(ROW | {"sha256": "x"}),
    insert(NOTICES).values(ROW | {"no": 1}),
    insert(NOTICES).values(ROW | {"line": 77}),
]


def test_the_store_keeps_notices_as_they_were_served(act, chen, li):
    act(punished, chen, li)
    assert got_round(act, BREACHES) == []
