"""Sanctions told to the other sides: seen by who knows the person, decided on by two people of that side, or left."""

import json
import shutil
from datetime import date, timedelta

import pytest

from casework import announcements, audit, sanctions
from casework.announcements import Answer
from casework.announcements.errors import NoAnnouncement, NotAnnounced, StrangeAnnouncement
from casework.errors import NoProposal, NoReason, NotAllowed, SamePerson
from casework.people import Actor, Role
from casework.sanctions import Kind, Person
from casework.sql import delete, insert, update
from casework.store import FILE, open_store
from casework.store.case_tables import PROPOSALS
from casework.store.room_tables import ANNOUNCED, ANNOUNCEMENTS, ANSWERS
from tests.casework.conftest import NOW, REGISTRY, got_round
from tests.casework.decided import AREA, TODAY, score, suspend

REVIEW, BJ, TJ = "jr_a", "110000", "120000"
WU = Actor("吴联", frozenset({Role.LIAISON}))


def blind(ids):
    """Beijing's ids to those of the review."""
    return {id_: f"x_{id_}" for id_ in ids}


def known(ids):
    """Tianjin knows pr_a only, as pr_tj."""
    return {"x_pr_a": "pr_tj"} if "x_pr_a" in ids else {}


@pytest.fixture
def there(tmp_path, empty):
    """Acts in the store of the other side."""
    folder = tmp_path / "other"
    folder.mkdir()
    shutil.copy(empty, folder / FILE)
    with open_store(folder) as opened:

        def acting(what, *arguments, **named):
            with opened.write() as tx:
                return what(tx, *arguments, **named)

        acting.store = opened
        yield acting


@pytest.fixture
def suspended(act, chen, li):
    """pr_a is suspended in Beijing; the sanction's number."""
    act(score, chen, li)
    return act(suspend, chen, li)


def tell(act, there, no, now=NOW):
    act(announcements.announce, WU, REVIEW, BJ, no, "共同退出", now)
    return over(act, there, now)


def over(act, there, now=NOW):
    said = json.loads(json.dumps(act(announcements.spoken, REVIEW, blind)))
    return there(announcements.hear, WU, REVIEW, BJ, said, known, now)


def drafted(there):
    found = there(announcements.announcement, 1)
    return announcements.draft(found, "pr_tj", "120101", TODAY)


def answer_of(there):
    return there(announcements.announcement, 1).persons[0].answer


def test_whom_a_side_knows_is_previewed_there_and_decided_by_two_people(
    act, there, chen, li, suspended
):
    assert tell(act, there, suspended) == 1
    assert over(act, there) == 0
    (one,) = there(announcements.announcements)
    assert (one.total, [p.practitioner for p in one.persons]) == (1, ["pr_tj"])
    assert there(sanctions.waiting) == (), "nothing happens by itself"
    draft = drafted(there)
    assert (draft.kind, draft.begins, draft.law) == (Kind.SUSPENSION, TODAY, one.law)
    made = there(announcements.propose, chen, 1, draft, REGISTRY, "共同退出", NOW)
    assert len(there(sanctions.reach_of, made.no).registrations) == 2
    assert answer_of(there) is Answer.PROPOSED
    with pytest.raises(NoAnnouncement):
        there(announcements.propose, chen, 1, draft, REGISTRY, "再来", NOW)
    with pytest.raises(SamePerson):
        there(
            sanctions.decide_sanction,
            Actor(chen.name, li.roles),
            made.no,
            REGISTRY,
            "x",
            NOW,
            approve=True,
        )
    there(sanctions.decide_sanction, li, made.no, REGISTRY, "同意", NOW, approve=True)
    assert answer_of(there) is Answer.SANCTIONED
    assert there(announcements.announcement, 1).waiting == ()


def test_who_is_not_known_is_a_count_and_nothing_else(act, there, chen, li):
    persons = [Person(who, responsible=True, reason="主刀") for who in ("pr_a", "pr_b", "pr_c")]
    draft = sanctions.draft_measure(Kind.END_AGREEMENT, "fa_a", AREA, TODAY, None, "条例", persons)
    made = act(sanctions.propose, chen, draft, REGISTRY, "骗保", NOW)
    act(sanctions.decide_sanction, li, made.no, REGISTRY, "同意", NOW, approve=True)
    tell(act, there, made.no)
    (one,) = there(announcements.announcements)
    assert (one.total, [p.practitioner for p in one.persons]) == (3, ["pr_tj"])
    said = audit.entries(there.store).entries[0]
    assert "pr_b" not in str(said)


def test_to_leave_it_takes_two_people_as_well(act, there, chen, li, suspended):
    tell(act, there, suspended)
    made = there(announcements.propose_decline, chen, 1, "pr_tj", "120101", "不在我市执业", NOW)
    assert answer_of(there) is Answer.DECLINING
    both = Actor(chen.name, li.roles)
    with pytest.raises(SamePerson):
        there(announcements.decide_decline, both, made.no, "同意", NOW, approve=True)
    there(announcements.decide_decline, li, made.no, "再核", NOW, approve=False)
    assert answer_of(there) is Answer.WAITING
    again = there(announcements.propose_decline, chen, 1, "pr_tj", "120101", "已核", NOW)
    there(announcements.decide_decline, li, again.no, "同意", NOW, approve=True)
    assert answer_of(there) is Answer.DECLINED
    with pytest.raises(NoProposal):
        there(announcements.decide_decline, li, again.no, "同意", NOW, approve=True)


def test_what_is_not_in_force_is_not_announced(act, chen, li, suspended):
    with pytest.raises(NotAllowed):
        act(announcements.announce, chen, REVIEW, BJ, suspended, "x", NOW)
    with pytest.raises(NoReason):
        act(announcements.announce, WU, REVIEW, BJ, suspended, " ", NOW)
    late = NOW + timedelta(days=400)
    with pytest.raises(NotAnnounced, match="not in force"):
        act(announcements.announce, WU, REVIEW, BJ, suspended, "x", late)
    act(announcements.announce, WU, REVIEW, BJ, suspended, "共同退出", NOW)
    with pytest.raises(NotAnnounced, match="already"):
        act(announcements.announce, WU, REVIEW, BJ, suspended, "x", NOW)
    talk = sanctions.draft_measure(Kind.TALK, "fa_a", AREA, TODAY, None, "条例", ())
    made = act(sanctions.propose, chen, talk, REGISTRY, "约谈", NOW)
    with pytest.raises(NotAnnounced, match="touches nobody"):
        act(announcements.announce, WU, REVIEW, BJ, made.no, "x", NOW)


def test_a_lift_is_told_and_nothing_waits_any_more(act, there, chen, li, suspended):
    tell(act, there, suspended)
    lift = act(sanctions.propose_lift, chen, suspended, date(2026, 3, 9), "申诉成立", NOW)
    act(sanctions.decide_lift, li, lift.no, "同意", NOW, approve=True)
    assert tell(act, there, suspended) == 1
    found = there(announcements.announcements)
    assert [one.persons[0].lifted for one in found] == [date(2026, 3, 9)] * 2
    assert [one.waiting for one in found] == [(), ()]
    with pytest.raises(NoAnnouncement):
        drafted(there)


def test_what_is_no_announcement_of_that_side_is_refused(act, there, suspended):
    act(announcements.announce, WU, REVIEW, BJ, suspended, "共同退出", NOW)
    (good,) = act(announcements.spoken, REVIEW, blind)
    line = good["persons"][0]
    wrong = (
        good | {"id": f"an_{REVIEW}_{TJ}_9"}, {}, good | {"persons": [line | {"kind": "jail"}]},
        good | {"persons": [line | {"begins": "soon"}]}, good | {"at": None},
    )  # fmt: skip
    for one in wrong:
        with pytest.raises(StrangeAnnouncement):
            there(announcements.hear, WU, REVIEW, BJ, [one], known, NOW)
    assert there(announcements.announcements) == ()


def test_the_database_itself_keeps_announcements(act, there, chen, suspended):
    tell(act, there, suspended)
    there(announcements.propose_decline, chen, 1, "pr_tj", "120101", "已核", NOW)
    other = {
        "no": 2, "kind": "announcement.decline", "subject": "pr_other", "area": "", "content": "{}",
        "why": "x", "law": None, "maker": "x", "made_at": NOW,
    }  # fmt: skip
    there(lambda tx: tx.execute(insert(PROPOSALS).values(other)))
    there(lambda tx: tx.execute(insert(PROPOSALS).values(other | {"no": 3, "subject": "pr_tj"})))
    out = {
        "no": 9, "id": "an_x", "direction": "out", "review": REVIEW, "side": TJ, "sanction": 1,
        "persons": 1, "law": "x", "author": "x", "at": NOW, "entered_at": NOW,
    }  # fmt: skip
    tables = (ANNOUNCEMENTS, ANNOUNCED, ANSWERS)
    statements = [
        *(delete(table) for table in tables), update(ANNOUNCED).values(kind="termination"),
        update(ANNOUNCEMENTS).values(persons=9), insert(ANNOUNCEMENTS).values(out),
        insert(ANSWERS).values(no=2, announcement=1, practitioner="pr_other"),
        insert(ANSWERS).values(no=2, announcement=1, practitioner="pr_tj"),
        insert(ANSWERS).values(no=3, announcement=1, practitioner="pr_tj"),
    ]  # fmt: skip
    assert got_round(there, statements) == []
