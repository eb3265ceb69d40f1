"""Rings assembled from parts: summed, tested again, the same everywhere, seen by those they concern alone."""

from itertools import combinations

import pytest

from casework import joint
from casework.joint.assembly import assemble, ties_of
from casework.joint.blind import Blinder, identity
from casework.joint.told import Part, part_from
from casework.sql import insert, select
from casework.store import open_store
from casework.store.joint_tables import JOINT_ASSEMBLIES, JOINT_RINGS
from graph.schema import Grade
from tests.casework.conftest import got_round
from tests.casework.joint_parts import assembled, part, person, send_part
from tests.casework.joint_sides import agreed, deliver, office, three_offices

KEY = b"k" * 32
RING = ("b", "c", "d", "e", "f", "g")
HOMES = {"b": "11", "c": "11", "d": "11", "e": "12", "f": "12", "g": "12"}
ALL = list(combinations(RING, 2))


@pytest.fixture
def offices(tmp_path, empty):
    with three_offices(tmp_path, empty) as made:
        yield made


class Held:
    """People of the vault, by own id."""

    def __init__(self, **known):
        self.known = known

    def of(self, ids):
        return {id_: self.known[id_] for id_ in ids if id_ in self.known}


def read(*contents):
    """Parts as the assembly takes them, by side."""
    return {
        c["side"]: Part(**c | {name: tuple(tuple(row) for row in c[name]) for name in ("persons", "pairs", "tokens")})
        for c in contents
    }  # fmt: skip


def parts(times, **more):
    """The same pairs told by two sides, so often each."""
    pairs = [(a, b, times) for a, b in ALL]
    return read(part("110000", HOMES, pairs, **more), part("120000", HOMES, pairs, **more))


def test_two_weak_parts_make_a_ring_and_one_alone_makes_none():
    both = parts(2)
    (ring,) = assemble(both, KEY)
    assert ring.grade is Grade.A
    assert ring.alone == 0.0
    assert (ring.observed, ring.sides) == (60, ("110000", "120000"))
    assert ring.members == {person(name): HOMES[name] for name in RING}
    assert (ring.first, ring.last) == ("2025-03", "2025-05")
    for code in both:
        assert assemble({code: both[code]}, KEY) == ()


def test_the_near_miss_met_once_on_each_side():
    assert assemble(parts(1), KEY) == ()


@pytest.mark.parametrize("kind", ["employer", "address"])
def test_one_employer_or_one_home_is_no_ring(kind):
    rings = assemble(parts(2, tokens=[(kind, RING)]), KEY)
    assert [r.explanations for r in rings] == ([("employer",)] if kind == "employer" else [])
    assert {r.grade for r in rings} <= {Grade.C}


def test_a_shared_account_is_told_and_explains_nothing():
    (ring,) = assemble(parts(2, tokens=[("account", ("b", "f"))]), KEY)
    assert (ring.grade, ring.tokens) == (Grade.A, {"account": 1})


def test_what_a_side_that_kept_silent_must_have_expected_counts():
    """Two people who are everywhere meet; a side that tells no pair of them still adds what chance gives them there."""
    told = part("110000", HOMES, [(a, b, 3) for a, b in ALL])
    quiet = part("120000", HOMES, [], visits=200)
    alone = ties_of(read(told))
    both = ties_of(read(told, quiet))
    pair = (person("b"), person("c"))
    assert both[pair].expected == pytest.approx(alone[pair].expected + 0.0004 * 200 * 200)
    assert both[pair].log10_p > alone[pair].log10_p
    assert assemble(read(told, quiet), KEY) == ()


def test_the_order_of_parts_changes_nothing():
    both = parts(2)
    assert assemble(dict(reversed(both.items())), KEY) == assemble(both, KEY)
    other = assemble(both, b"l" * 32)
    assert {r.id for r in other}.isdisjoint({r.id for r in assemble(both, KEY)})


def test_a_ring_is_shown_to_whom_it_concerns(offices):
    bj, tj, hb = offices
    review = agreed(*offices)
    pairs = [(a, b, 2) for a, b in ALL]
    for one in offices:
        send_part(one, review, part(one.code, HOMES, pairs if one is not tj else []))
    deliver(review, *offices)
    made = {one.code: assembled(one, review) for one in offices}
    assert len({a.digest for a, _ in made.values()}) == 1
    assert {a.found for a, _ in made.values()} == {1}
    (seen,), (same,) = made["110000"][1], made["120000"][1]
    assert seen == same
    assert made["130000"][1] == ()
    with pytest.raises(joint.NoJointRing), hb.store.read() as tx:
        joint.members(tx, review, seen.id)
    with bj.store.read() as tx:
        listed = joint.members(tx, review, seen.id)
    assert [(m.side, m.number, m.own) for m in listed] == [
        ("110000", 1, True), ("110000", 2, True), ("110000", 3, True),
        ("120000", 1, False), ("120000", 2, False), ("120000", 3, False),
    ]  # fmt: skip
    send_part(tj, review, part(tj.code, HOMES, []))
    deliver(review, *offices)
    again, rings = assembled(bj, review)
    assert (again.no, again.digest, rings) == (2, made["110000"][0].digest, (seen,))


def test_assemblies_are_kept_for_good_on_both_databases(place, empty, tmp_path):
    workspace, url = place
    with three_offices(tmp_path, empty) as (_, tj, _), open_store(workspace, url) as store:
        bj = office("110000", store, workspace)
        review = agreed(bj, tj)
        for one in (bj, tj):
            send_part(one, review, part(one.code, HOMES, [(a, b, 2) for a, b in ALL]))
        deliver(review, bj, tj)
        made, (ring,) = assembled(bj, review)
        assert (made.found, made.digest) == (1, assembled(tj, review)[0].digest)
        with store.read() as tx:
            row = dict(tx.execute(select(JOINT_RINGS)).mappings().one())
            assert joint.assembly(tx, review) == made
        tries = [
            insert(JOINT_RINGS).values(row),
            JOINT_RINGS.update().values(grade="C"),
            JOINT_RINGS.delete(),
            JOINT_ASSEMBLIES.update().values(found=2),
            JOINT_ASSEMBLIES.delete(),
        ]
        assert got_round(bj.do, tries) == []
        again = assembled(bj, review)
        assert (again[0].no, again[1]) == (2, (ring,))


def test_a_release_tells_of_one_person_what_was_let_go(offices):
    bj, tj, hb = offices
    review = agreed(*offices)
    key = bj.review(review).key(bj.keys)
    vault = Held(
        pt_1={"name": "赵合成", "certno": "11010519900307001X", "tel": "13900000001", "code": "P1"},
        pt_2={"name": "钱合成", "certno": "110105199003070028", "tel": "13900000002", "code": "P2"},
        pt_3={"name": "孙外人", "certno": "110105199003070036", "code": "P3"},
    )
    real = {"b": "pt_1", "c": "pt_2"}
    names = {
        n: Blinder(key).patient(vault.known[i]["certno"], vault.known[i]["code"])[3:]
        for n, i in real.items()
    }
    homes = {names.get(n, n): home for n, home in HOMES.items()}
    pairs = [(names.get(a, a), names.get(b, b), 2) for a, b in ALL]
    for one in offices:
        send_part(one, review, part(one.code, homes, pairs))
    deliver(review, *offices)
    ring = assembled(bj, review)[1][0].id
    assembled(tj, review)
    asked = (bj.keys, bj.liaison, review, ring)
    for own_id, fields in (
        ("pt_3", ["name"]),
        ("pt_1", ["addr"]),
        ("pt_1", []),
        ("pt_1", ["ring"]),
    ):
        with pytest.raises(joint.NotOurs):
            bj.do(joint.propose_release, *asked, own_id, fields, vault, "需协查", bj.now())
    made = bj.do(joint.propose_release, *asked, "pt_1", ["name", "tel"], vault, "需协查", bj.now())
    bj.let_go(joint.decide_prepared, made.proposal.no)
    sent = bj.do(joint.send_prepared, bj.keys, bj.liaison, made.proposal.no, bj.now())
    assert [parcel.peer for parcel in sent] == ["120000"]
    deliver(review, *offices)
    for one, count in ((bj, 1), (tj, 1), (hb, 0)):
        with one.store.read() as tx:
            held = joint.releases(tx, one.keys, review)
        assert [(r.owner, r.blind, r.fields, r.why) for r in held] == [
            ("110000", f"jp_{names['b']}", {"name": "赵合成", "tel": "13900000001"}, "需协查")
        ] * count


def test_nobody_releases_anothers_person_or_more_than_a_release_holds(offices):
    bj, tj, hb = offices
    review = agreed(*offices)
    for one in offices:
        send_part(one, review, part(one.code, HOMES, [(a, b, 2) for a, b in ALL]))
    deliver(review, *offices)
    ring = assembled(bj, review)[1][0].id
    said = {"ring": ring, "person": person("e"), "fields": {"name": "赵合成"}, "why": "需协查"}
    for sender, content in (
        (hb, said),
        (tj, said | {"person": person("z")}),
        (tj, said | {"fields": {"ethnicity": "汉"}}),
        (tj, {"person": person("e")}),
        (tj, said),
    ):
        made = sender.do(
            joint.prepare,
            sender.keys,
            sender.liaison,
            review,
            "release",
            content,
            "说",
            sender.now(),
        )
        sender.let_go(joint.decide, made.proposal.no)
        sender.do(joint.send_prepared, sender.keys, sender.liaison, made.proposal.no, sender.now())
    deliver(review, *offices)
    with bj.store.read() as tx:
        (told,) = joint.releases(tx, bj.keys, review)
        assert len(joint.received(tx, bj.keys, review, "release")) == 5
    assert (told.owner, told.blind, told.fields) == ("120000", person("e"), {"name": "赵合成"})


def test_a_part_says_what_it_may_and_no_more(offices):
    bj, tj, _ = offices
    review = bj.review(agreed(bj, tj))
    good = part("110000", HOMES, [(a, b, 2) for a, b in ALL])
    assert part_from(good, review, "110000").names == tuple(person(name) for name in RING)
    for changed in (
        good | {"names": ["赵合成"]},
        good | {"persons": [["赵合成", "11", 3], *good["persons"][1:]]},
        good | {"persons": good["persons"][::-1]},
        good | {"pairs": [[0, 99, 2, 0.1, 1, "2025-01", "2025-02"]]},
        good | {"pairs": good["pairs"][::-1]},
        good | {"persons": [[person("b"), "51", 3], *good["persons"][1:]]},
        good | {"tokens": [["jt_" + "a" * 20, "phone", [99]]]},
        good | {"tokens": [["jt_" + "a" * 20, "name", [1]]]},
        good | {"side": "120000"},
        good | {"last": "2026-12-31"},
        good | {"rate": "often"},
    ):
        with pytest.raises(joint.BadPart) as bad:
            part_from(changed, review, "110000")
        assert bad.value.side == "110000"


def test_one_number_has_one_id_however_it_is_written():
    blinder = Blinder(KEY)
    assert identity(" １１０１０５１９４９１２３１００２ｘ ") == "11010519491231002X"
    assert identity("110105491231002") == "11010519491231002X"
    assert blinder.patient("11010519491231002x", "P1") == blinder.patient("110105491231002", "P2")
    assert blinder.practitioner("11010519491231002X", "D1") == blinder.patient(
        "110105491231002", "P"
    )
    assert blinder.patient(None, "P1") != blinder.patient(None, "P2")
    assert blinder.token("phone", "139 0000 0000") == blinder.token("phone", "13900000000")
    assert blinder.token("phone", "13900000000") != blinder.token("account", "13900000000")
