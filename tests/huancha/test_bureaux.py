"""Three installations in one room: what each says travels in parcels, and every side comes to the same room."""

import random
import shutil
from dataclasses import replace
from datetime import date, datetime

import pytest

from casework import assistance, rooms, sanctions
from casework.assistance import State, Wanted, read_directory
from casework.people import Actor, Role
from casework.rooms import Finding
from casework.store import open_store
from graph.snapshot import current_snapshot
from huancha import bureaux
from tests.casework.conftest import REGISTRY
from tests.casework.decided import ACT, AREA, score
from tests.casework.joint_sides import NOW, agreed, assembled, deliver
from tests.casework.joint_sides import office as side_of

BJ, TJ, HE = SIDES = ("110000", "120000", "130000")
RING, OF_TWO, CERTNO = "jg_common", "jg_of_two", "110101198001011234"
PEOPLE = """
[people.chen]
roles = ["investigator"]
[people.li]
roles = ["approver"]
[people.wu]
roles = ["liaison"]
"""


@pytest.fixture(scope="module")
def agreement(tmp_path_factory):
    """Three offices that agreed on a review, each in a folder of its code; the review's id, and what was carried."""
    folder = tmp_path_factory.mktemp("agreed")
    offices = [side_of(code, open_store(folder / code), folder / code) for code in SIDES]
    review = agreed(*offices)
    for one in offices:
        assembled(one, review, (RING, ("11", "12", "13")), (OF_TWO, ("11", "12")))
        one.store.close()
    return folder, review, {one.code: (one.clock, frozenset(one.carried)) for one in offices}


@pytest.fixture
def three(tmp_path, agreement):
    """Copies of the three offices, and the review's id."""
    folder, review, states = agreement
    offices = []
    for code in SIDES:
        shutil.copytree(folder / code, tmp_path / code)
        one = side_of(code, open_store(tmp_path / code), tmp_path / code)
        one.clock, one.carried = states[code][0], set(states[code][1])
        offices.append(one)
    yield offices, review
    for one in offices:
        one.store.close()


@pytest.fixture
def by(call_as, people, tmp_path, monkeypatch):
    """Call `huancha` as somebody of one of the offices, at the time of the review."""
    people(PEOPLE)
    for module in ("rooms", "assistance", "bodies", "announcements"):
        monkeypatch.setattr(f"huancha.commands.{module}.now", lambda: NOW.replace(hour=18))

    def calling(side, name, *arguments):
        monkeypatch.setenv("HUANCHA_WORKSPACE", str(tmp_path / side))
        return call_as(name, *arguments)

    return calling


def person(one, name, *roles):
    return Actor(f"{one.code}{name}", frozenset(roles))


def speak(one, review, seed):
    """What the people of one side do in the room."""
    seat = one.do(bureaux.seat_in, review)
    chen, li = person(one, "查", Role.INVESTIGATOR), person(one, "签", Role.APPROVER)
    for who in (chen, li):
        one.do(rooms.enter_room, who, seat, one.now())
    finding = random.Random(seed).choice(list(Finding))
    one.do(rooms.give_opinion, chen, seat, RING, finding, "", "同日聚集", one.now())
    one.do(rooms.give_room_task, chen, seat, BJ, RING, "补材料", date(2026, 3, 9), one.now())


def exchange(one, review, tmp_path):
    return one.do(bureaux.exchange, tmp_path / one.code, one.liaison, review, one.now())


def room(one, review):
    return one.do(rooms.room_of, one.do(bureaux.seat_in, review))


@pytest.mark.parametrize("seed", range(3))
def test_every_side_comes_to_the_same_room_in_whatever_order_they_exchange(three, tmp_path, seed):
    offices, review = three
    chance = random.Random(seed)
    for one in offices:
        speak(one, review, seed)
    for _ in range(3):
        for one in chance.sample(offices, 3):
            exchange(one, review, tmp_path)
            if chance.random() < 0.5:
                deliver(review, *offices)
    deliver(review, *offices)
    for one in offices:
        exchange(one, review, tmp_path)
    first, *others = (replace(room(one, review), holders={}) for one in offices)
    assert len(first.ring(RING).opinions) == len(first.tasks) == 3
    assert others == [first, first]
    assert [exchange(one, review, tmp_path).sent for one in offices] == [0, 0, 0]


def test_a_side_without_anybody_in_a_ring_hears_nothing_of_it(three, tmp_path):
    offices, review = three
    beijing, tianjin, hebei = offices
    chen = person(beijing, "查", Role.INVESTIGATOR)
    seat = beijing.do(bureaux.seat_in, review)
    beijing.do(rooms.enter_room, chen, seat, beijing.now())
    for ring in (RING, OF_TWO):
        beijing.do(rooms.give_opinion, chen, seat, ring, Finding.MORE, "", ring, beijing.now())
    exchange(beijing, review, tmp_path)
    deliver(review, *offices)
    for one in (tianjin, hebei):
        exchange(one, review, tmp_path)
    assert [held.ring for held in room(tianjin, review).rings] == [RING, OF_TWO]
    assert [held.ring for held in room(hebei, review).rings] == [RING]
    assert OF_TWO not in str(hebei.heard(review, bureaux.ROOM))


def test_a_letter_goes_to_one_side_alone_and_nobody_reads_it_on_its_way(three, tmp_path):
    offices, review = three
    bj, tj, he = offices
    key = bureaux.sealing_key(tmp_path / BJ)
    wanted = Wanted(
        "京1号", "第4号令", f"王某 {CERTNO}", "是否住院", date(2025, 1, 1), date(2025, 2, 1),
        date(2026, 3, 17), "示例联络员",
    )  # fmt: skip
    chen = person(bj, "查", Role.INVESTIGATOR)
    directory = read_directory(NOW.date())
    made = bj.do(assistance.create, chen, key, directory, BJ, "131000", wanted, bj.now())
    bj.do(assistance.send, bj.liaison, made.no, bj.now())
    assert exchange(bj, review, tmp_path).sent == 1
    files = [file for one in offices for _, file in one.post(review)]
    assert not any(CERTNO.encode() in file or "王某".encode() in file for file in files)
    deliver(review, *offices)
    assert exchange(he, review, tmp_path).new == {"room": 0, "assistance": 1}
    assert exchange(tj, review, tmp_path).new["assistance"] == 0
    there = bureaux.sealing_key(tmp_path / HE)
    assert there != key
    he.do(assistance.take, he.liaison, 1, he.now())
    he.do(assistance.answer, he.liaison, there, 1, "确有住院", he.now())
    exchange(he, review, tmp_path)
    deliver(review, *offices)
    assert exchange(bj, review, tmp_path).new["assistance"] == 1
    assert bj.do(assistance.request, made.no).state is State.ANSWERED


def test_a_ring_from_opinions_to_minutes_by_commands(three, by, tmp_path):
    offices, review = three
    for side in SIDES:
        for name in ("chen", "li"):
            assert by(side, name, "room", "join", review).code == 0
        said = (
            "--finding",
            "confirmed",
            "--lead",
            side if side != TJ else "",
            "--text",
            "同日聚集",
        )
        assert by(side, "chen", "room", "opinion", review, RING, *said).code == 0
    assert (
        by(BJ, "chen", "room", "opinion", review, RING, "--finding", "x", "--text", "x").code == 2
    )
    for _ in range(2):
        for side in SIDES:
            assert "parcels" in by(side, "wu", "room", "exchange", review).err
        deliver(review, *offices)
    refused = by(BJ, "li", "room", "sign", review, RING, "--why", "同意")
    assert (refused.code, "jurisdiction" in refused.err) == (1, True)
    assert by(BJ, "wu", "room", "join", review).code == 0
    assert "国家医疗保障局" in by(BJ, "wu", "room", "escalate", review, RING, "--text", "管辖").err
    ruled = ("--document", "医保函1号", "--lead", BJ, "--text", "由北京办理")
    assert by(BJ, "wu", "room", "ruling", review, RING, *ruled).code == 0
    for side in SIDES:
        by(side, "wu", "room", "exchange", review)
        deliver(review, *offices)
    for side in (TJ, HE, BJ):
        by(side, "wu", "room", "exchange", review)
        assert by(side, "li", "room", "sign", review, RING, "--why", "同意").code == 0
        by(side, "wu", "room", "exchange", review)
        deliver(review, *offices)
    assert by(BJ, "wu", "room", "list", "--json").json[0]["settled"] == 1
    assert (
        by(
            BJ, "wu", "room", "task", review, "--side", BJ, "--what", "归档", "--due", "2026-03-09"
        ).code
        == 0
    )
    (task,) = by(BJ, "wu", "room", "show", review, "--json").json["tasks"]
    assert "归档" in by(BJ, "wu", "room", "show", review).out
    assert by(BJ, "wu", "room", "done", review, task["id"], "--result", "已归档").code == 0
    met = ("--held", "2026-03-02", "--place", "北京", "--text", "一致同意")
    assert by(BJ, "wu", "room", "meeting", review, *met).code == 0
    out = tmp_path / "minutes.docx"
    named = ("--number", "纪1号", "--held", "2026-03-02", "--place", "北京", "--out", out)
    for kind, code in (("agenda", 0), ("minutes", 0), ("poem", 2)):
        assert by(BJ, "wu", "room", "paper", review, kind, *named).code == code
    assert out.read_bytes()[:2] == b"PK"
    assert "agenda.docx" in by(BJ, "wu", "room", "templates").err
    assert by(BJ, "chen", "room", "leave", review).code == 0


LETTER = (
    "--from", BJ, "--to", "131000", "--case", "京1号", "--law", "第4号令", "--subject", "王某",
    "--what", "是否住院", "--contacts", "示例", "--first", "2025-01-01", "--last", "2025-06-30",
)  # fmt: skip


def test_letters_by_commands(three, by):
    offices, review = three
    assert "2026-03-17" in by(BJ, "chen", "assist", "create", *LETTER).err
    assert by(BJ, "chen", "assist", "send", 1).code == 1
    assert by(BJ, "wu", "assist", "send", 1).code == 0
    by(BJ, "wu", "room", "exchange", review)
    deliver(review, *offices)
    by(HE, "wu", "room", "exchange", review)
    assert by(HE, "wu", "assist", "take", 1).code == 0
    assert "王某" in by(HE, "wu", "assist", "read", 1).out
    assert by(HE, "wu", "assist", "answer", 1, "--text", "确有住院").code == 0
    (one,) = by(HE, "wu", "assist", "list", "--json").json
    assert (one["state"], one["responder"]) == ("answered", "wu")
    assert "wu" in by(HE, "wu", "assist", "list").out
    by(BJ, "chen", "assist", "create", *LETTER)
    assert "withdrawn" in by(BJ, "wu", "assist", "withdraw", 2, "--why", "已查清").err
    assert by(BJ, "wu", "assist", "read", 1, "--json").json["subject"] == "王某"


def test_the_directory_by_commands(by, tmp_path):
    (tmp_path / BJ).mkdir()
    assert by(BJ, "wu", "bodies", "superior", *SIDES, "--json").json["code"] == "100000"
    assert "国家医疗保障局" in by(BJ, "wu", "bodies", "superior", *SIDES).out
    assert by(BJ, "wu", "bodies", "superior", "999999").code == 1
    assert len(by(BJ, "wu", "bodies", "list", "--json").json) == 47
    assert "bodies.csv" in by(BJ, "wu", "bodies", "edit").err
    assert "北京市医疗保障局" in by(BJ, "wu", "bodies").out


def test_a_batch_of_the_suspicious_bills_of_a_month(by, office, tmp_path, monkeypatch):
    """The small office's own world: what is in it decides what is asked, never less than the law's amount."""
    shutil.copytree(office.workspace, tmp_path / BJ)
    late = datetime(2026, 3, 27, 9)
    monkeypatch.setattr("huancha.commands.assistance.now", lambda: late)
    entries = {
        to: bureaux.batch_entries(tmp_path / BJ, BJ, to, date(2000, 1, 1), date(2026, 3, 26))
        for to in (TJ, HE)
    }
    assert all(one.total >= 3_000_000 and one.certno for found in entries.values() for one in found)
    assert (
        by(BJ, "wu", "assist", "batch", "--from", BJ, "--to", HE, "--day", "2026-03-25").code == 1
    )
    with open_store(tmp_path / BJ) as store, store.write() as tx:
        wu, key = Actor("wu", frozenset({Role.LIAISON})), bureaux.sealing_key(tmp_path / BJ)
        bill = assistance.Entry(CERTNO, "某医院", "Z1", 3_000_000)
        assistance.take_batch(
            tx, wu, key, read_directory(late.date()), BJ, HE, date(2026, 3, 26), [bill], late
        )
    assert by(BJ, "wu", "assist", "bills", "--json").json[0]["stay"] == "Z1"
    assert "待核查" in by(BJ, "wu", "assist", "bills").out
    assert CERTNO in by(BJ, "wu", "assist", "bill", 1).out
    assert by(BJ, "chen", "assist", "bill", 1).code == 1
    assert by(BJ, "wu", "assist", "confirm", 1).code == 1
    assert by(BJ, "wu", "assist", "result", 1, "--correct").code == 1
    assert (
        by(BJ, "wu", "assist", "batch", "--from", BJ, "--to", TJ, "--day", "2026-03-26").code == 0
    )


def suspended(one, who):
    """A practitioner suspended by the office `one`; the sanction's number."""
    maker, other = person(one, "查", Role.INVESTIGATOR), person(one, "签", Role.APPROVER)
    one.do(score, maker, other, replace(ACT, practitioner=who))
    draft = one.do(sanctions.draft_by_points, who, AREA, 2026, NOW.date(), 2)
    made = one.do(sanctions.propose, maker, draft, REGISTRY, "累计9分", NOW)
    one.do(sanctions.decide_sanction, other, made.no, REGISTRY, "同意", NOW, approve=True)
    return made.no


def test_a_sanction_is_announced_and_each_side_decides_by_itself(three, by, office, tmp_path):
    offices, review = three
    bj = offices[0]
    for side in (BJ, TJ):
        shutil.copytree(office.workspace, tmp_path / side, dirs_exist_ok=True)
    with current_snapshot(office.workspace).connect() as con:
        ((who, many),) = con.execute(
            "SELECT p.id, count(DISTINCT r.place) AS n FROM prac_reg_d r JOIN practitioners p "
            "USING (practitioner) GROUP BY 1 ORDER BY n DESC, 1 LIMIT 1"
        ).fetchall()
    sanction = suspended(bj, who)
    assert "1" in by(BJ, "wu", "announce", "make", review, sanction, "--why", "共同退出").err
    assert by(BJ, "wu", "announce", "make", review, sanction, "--why", "再来").code == 1
    by(BJ, "wu", "room", "exchange", review)
    assert not any(who.encode() in file for _, file in bj.post(review))
    deliver(review, *offices)
    assert "announcement 1" in by(TJ, "wu", "room", "exchange", review).err
    before_any_load = by(HE, "wu", "room", "exchange", review)
    assert (before_any_load.code, "announcement" in before_any_load.err) == (0, False)
    (told,) = by(TJ, "wu", "announce", "list", "--json").json
    assert [one["practitioner"] for one in told["persons"]] == [who]
    assert who in by(TJ, "wu", "announce").out
    assert by(TJ, "wu", "sanction", "list", "--json").json == []
    where = ("--area", "120101", "--why", "共同退出")
    followed = by(TJ, "chen", "announce", "follow", 1, who, "--begins", "2026-03-09", *where)
    no = followed.err.partition(":")[0]
    reach = by(TJ, "chen", "sanction", "show", no, "--json").json["reach"]
    assert len(reach) == many
    by(TJ, "li", "sanction", "decide", no, "--refuse", "--why", "再核")
    no = by(TJ, "chen", "announce", "decline", 1, who, *where).err.partition(":")[0]
    assert "approved" in by(TJ, "li", "announce", "decide", no, "--approve", "--why", "同意").err
    (one,) = by(TJ, "wu", "announce", "list", "--json").json[0]["persons"]
    assert one["answer"] == "declined"
