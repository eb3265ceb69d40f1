"""Assistance between two offices with stores of their own: letters, monthly batches, and what the database holds."""

import json
import random
import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from casework import assistance, audit
from casework.assistance import Entry, State, Wanted, read_directory
from casework.assistance.errors import (
    NoBill,
    NoRequest,
    NotABatchDay,
    NotForTheBatch,
    NotWhole,
    StrangeLetter,
)
from casework.errors import NoReason, NotAllowed, WrongKey
from casework.people import Actor, Role
from casework.sql import delete, insert, select, update
from casework.store import FILE, open_store
from casework.store.assistance_tables import BILLS, CONFIRMATIONS, REQUEST_STEPS, REQUESTS, RESULTS
from tests.casework.conftest import NOW, got_round
from tests.casework.decided import CALENDAR

BJ, HE, LF = "110000", "130000", "131000"
KEY, OTHER = b"k" * 32, b"o" * 32
DIRECTORY = read_directory(NOW.date())
WU = Actor("吴联", frozenset({Role.LIAISON}))
WANTED = Wanted(
    "京医保查〔2026〕3号", "国家医保局令第4号", "王某 110101198001011234", "是否实际住院",
    date(2025, 1, 1), date(2025, 6, 30), date(2026, 3, 17), "示例联络员 010-0000-0001",
)  # fmt: skip
ENTRIES = (
    Entry("110101198001011234", "廊坊市某医院", "ZY001", 3_000_000),
    Entry("110101198501011235", "廊坊市某医院", "ZY002", 9_876_543),
)
BATCH = date(2026, 3, 26)
LATER = datetime(2026, 3, 27, 10)

IN_A_FILE = pytest.mark.parametrize("place", ["sqlite"], indirect=True)
"""For what does not depend on the database."""


@pytest.fixture
def other(tmp_path, empty):
    """The other office's store."""
    folder = tmp_path / "other"
    folder.mkdir()
    shutil.copy(empty, folder / FILE)
    with open_store(folder) as opened:
        yield opened


@pytest.fixture
def there(other):
    def acting(what, *arguments, **named):
        with other.write() as tx:
            return what(tx, *arguments, **named)

    return acting


def made(tx, who, wanted=WANTED):
    return assistance.create(tx, who, KEY, DIRECTORY, BJ, LF, wanted, NOW)


def over(act, there, now=NOW):
    """What Beijing says arrives in Hebei, through JSON."""
    said = json.loads(json.dumps(act(assistance.letters, KEY, HE, now.date())))
    return there(assistance.receive, WU, OTHER, BJ, said, now)


def back(act, there, now=NOW):
    said = json.loads(json.dumps(there(assistance.letters, OTHER, BJ, now.date())))
    return act(assistance.receive, WU, KEY, HE, said, now)


def batched(act, entries=ENTRIES, day=BATCH, now=LATER):
    return act(assistance.take_batch, WU, KEY, DIRECTORY, BJ, LF, day, entries, now)


def test_a_letter_goes_is_taken_answered_and_comes_back(store, act, there, chen):
    asked = act(made, chen)
    assert (asked.state, over(act, there)) == (State.MADE, 0)
    act(assistance.send, WU, asked.no, NOW)
    assert [over(act, there), over(act, there)] == [1, 0]
    (came,) = there(assistance.requests)
    assert (came.asker, came.asked, came.reply_by, came.id) == (BJ, LF, WANTED.reply_by, asked.id)
    with pytest.raises(NoRequest):
        there(assistance.answer, WU, OTHER, 1, "无误", NOW)
    assert there(assistance.take, WU, 1, NOW).responder == "吴联"
    with pytest.raises(NoRequest):
        there(assistance.take, Actor("后来", WU.roles), 1, NOW)
    read = there(assistance.read_request, WU, OTHER, 1, NOW)
    assert read == {"subject": WANTED.subject, "what": WANTED.what}
    with pytest.raises(NoReason):
        there(assistance.answer, WU, OTHER, 1, " ", NOW)
    there(assistance.answer, WU, OTHER, 1, "确有住院", NOW)
    assert [back(act, there), back(act, there)] == [1, 0]
    assert act(assistance.request, 1).state is State.ANSWERED
    assert act(assistance.read_request, WU, KEY, 1, NOW)[State.ANSWERED] == "确有住院"
    actions = [one.action for one in audit.entries(store).entries]
    assert actions[::-1][:2] == ["assistance.create", "assistance.sent"]
    assert audit.verify(store) is None


def test_nothing_of_the_person_stands_in_the_store_or_its_audit(store, act, chen):
    act(made, chen)
    batched(act)
    with store.read() as tx:
        held = [
            row for table in (REQUESTS, REQUEST_STEPS, BILLS) for row in tx.execute(select(table))
        ]
    said = str([*held, *audit.entries(store).entries])
    assert "1101011980" not in said
    assert "王某" not in said
    with pytest.raises(WrongKey):
        act(assistance.read_bill, WU, OTHER, 1, LATER)
    assert act(assistance.read_bill, WU, KEY, 1, LATER) == ENTRIES[0].certno


@IN_A_FILE
@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"subject": " "}, "subject"), ({"law": ""}, "law"), ({"contacts": ""}, "contacts"),
        ({"first": date(2025, 7, 1)}, "period"), ({"last": date(2027, 1, 1)}, "period"),
        ({"reply_by": NOW.date()}, "reply_by"),
    ],
)  # fmt: skip
def test_a_letter_is_whole(act, chen, change, missing):
    with pytest.raises(NotWhole) as refused:
        act(made, chen, replace(WANTED, **change))
    assert refused.value.missing == (missing,)


@IN_A_FILE
def test_roles_and_regions(act, chen, li):
    with pytest.raises(NotAllowed):
        act(made, li)
    asked = act(made, chen)
    for who in (chen, Actor("朝阳", WU.roles, frozenset({"110105"}))):
        with pytest.raises(NotAllowed):
            act(assistance.send, who, asked.no, NOW)


@IN_A_FILE
def test_the_reply_is_due_by_the_law(act):
    assert assistance.reply_by(LF, date(2026, 3, 2), CALENDAR) == date(2026, 3, 17)


def test_what_was_withdrawn_is_no_longer_asked(act, there, chen):
    act(made, chen)
    act(assistance.send, WU, 1, NOW)
    over(act, there)
    act(assistance.withdraw, WU, KEY, 1, "已查清", NOW)
    assert over(act, there) == 1
    assert there(assistance.request, 1).state is State.WITHDRAWN
    with pytest.raises(NoRequest):
        there(assistance.take, WU, 1, NOW)


def test_a_batch_is_asked_answered_and_confirmed(act, there):
    assert [one.due for one in batched(act)] == [date(2026, 4, 26)] * 2
    assert [over(act, there, LATER), over(act, there, LATER)] == [2, 0]
    with pytest.raises(NoReason):
        there(assistance.answer_bill, WU, 1, "", LATER, correct=False)
    there(assistance.answer_bill, WU, 1, "", LATER, correct=True)
    there(assistance.answer_bill, WU, 2, "费用不符", LATER, correct=False)
    with pytest.raises(NoBill):
        there(assistance.answer_bill, WU, 2, "", LATER, correct=True)
    assert back(act, there, LATER) == 2
    with pytest.raises(NoBill):
        there(assistance.confirm, WU, 1, LATER)
    found = act(assistance.confirm, WU, 2, LATER)
    assert (found.result.correct, found.result.reason) == (False, "费用不符")
    assert over(act, there, LATER) == 1
    assert there(assistance.bill, 2, LATER.date()).confirmed_at == LATER
    assert there(assistance.bill, 1, LATER.date()).confirmed_at is None


@IN_A_FILE
@pytest.mark.parametrize(
    ("day", "rolled", "due"),
    [
        (date(2026, 4, 26), 0, date(2026, 4, 26)), (date(2026, 4, 27), 1, date(2026, 5, 26)),
        (date(2026, 7, 1), 3, date(2026, 7, 26)),
    ],
)  # fmt: skip
def test_an_unanswered_bill_rolls_over_and_is_counted(act, there, day, rolled, due):
    batched(act)
    over(act, there, LATER)
    found = there(assistance.bill, 1, day)
    assert (found.rolled, found.due) == (rolled, due)
    moment = datetime.combine(day, LATER.time())
    answered = there(assistance.answer_bill, WU, 1, "", moment, correct=True)
    assert answered.rolled == rolled
    assert there(assistance.bill, 1, date(2027, 1, 1)).rolled == rolled


@IN_A_FILE
@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (replace(ENTRIES[0], total=2_999_999), "below 30,000.00 yuan"),
        (replace(ENTRIES[0], certno=""), "empty"), (replace(ENTRIES[0], stay=" "), "empty"),
    ],
)  # fmt: skip
def test_what_does_not_belong_into_a_batch(act, entry, why):
    with pytest.raises(NotForTheBatch, match=why):
        batched(act, [entry])
    assert act(assistance.bills, LATER.date()) == ()


def test_a_batch_is_across_provinces_on_its_day_and_asks_once(act):
    with pytest.raises(NotForTheBatch, match="same province"):
        act(assistance.take_batch, WU, KEY, DIRECTORY, BJ, "110105", BATCH, ENTRIES, LATER)
    for day, now in ((date(2026, 3, 25), LATER), (BATCH, LATER - timedelta(days=2))):
        with pytest.raises(NotABatchDay):
            batched(act, day=day, now=now)
    batched(act)
    with pytest.raises(NotForTheBatch, match="asked before"):
        batched(act)


@IN_A_FILE
def test_letters_arrive_in_any_order_and_number(act, there, chen):
    act(made, chen)
    act(assistance.send, WU, 1, NOW)
    batched(act)
    said = list(act(assistance.letters, KEY, HE, LATER.date())) * 2
    random.Random(7).shuffle(said)
    assert there(assistance.receive, WU, OTHER, BJ, said, LATER) == 3
    assert len(there(assistance.bills, LATER.date())) == 2


def test_what_nobody_may_say_is_refused_whole(act, there, chen):
    act(made, chen)
    act(assistance.send, WU, 1, NOW)
    batched(act)
    said = act(assistance.letters, KEY, HE, LATER.date())
    asked, bill = said[0], said[-1]
    answer = {
        "kind": "answered",
        "id": asked["id"],
        "text": "x",
        "author": "y",
        "at": NOW.isoformat(),
    }
    result = {"kind": "result", "id": bill["id"], "correct": True, "reason": "", "author": "y",
              "at": NOW.isoformat()}  # fmt: skip
    wrong = (
        {"kind": "order"}, {**asked, "asker": "120000"}, {**asked, "id": "ar_x", "first": "soon"}, answer, result,
        {**bill, "id": "ab_x", "batch": "2026-06-26"}, {**bill, "id": "ab_x", "total": None}, {"id": "x"},
    )  # fmt: skip
    for one in wrong:
        with pytest.raises(StrangeLetter):
            there(assistance.receive, WU, OTHER, BJ, [*said, one], LATER)
        assert there(assistance.requests) == ()
    over(act, there, LATER)
    stranger = [answer | {"text": "假"}]
    with pytest.raises(StrangeLetter, match="none of its requests"):
        act(assistance.receive, WU, KEY, "120000", stranger, LATER)


def test_the_database_itself_keeps_what_was_asked(act, there, chen):
    act(made, chen)
    act(assistance.send, WU, 1, NOW)
    batched(act)
    over(act, there, LATER)
    there(assistance.answer_bill, WU, 1, "", LATER, correct=True)
    back(act, there, LATER)
    act(assistance.confirm, WU, 1, LATER)
    tables = (REQUESTS, REQUEST_STEPS, BILLS, RESULTS, CONFIRMATIONS)
    step = {"no": 1, "event": "taken", "at": NOW, "actor": "x", "text": b""}
    again = act(lambda tx: dict(tx.execute(select(BILLS).limit(1)).mappings().one()))
    statements = [
        *(delete(table) for table in tables),
        update(BILLS).values(total=1), update(BILLS).values(place="x"), update(RESULTS).values(correct=False),
        update(REQUESTS).values(reply_by=date(2027, 1, 1)), update(REQUEST_STEPS).values(actor="x"),
        insert(REQUEST_STEPS).values(step | {"step": 2}), insert(REQUEST_STEPS).values(step | {"step": 3, "event": "answered"}),
        insert(BILLS).values(again | {"no": 9, "id": "other"}),
        insert(BILLS).values(again | {"total": 1}).prefix_with("OR REPLACE", dialect="sqlite"),
        insert(RESULTS).values(no=2, correct=False, reason=" ", author="x", at=NOW),
    ]  # fmt: skip
    assert got_round(act, statements) == []
