"""Draws: fair, open to anybody's own computation, made once, after the pool was laid down."""

import hashlib
import json
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import audit
from casework.draws import (
    Inspection,
    Place,
    Pool,
    Recusal,
    draw,
    drawn,
    draws,
    fingerprint,
    prepare,
    recuse,
    run,
)
from casework.draws.errors import NobodyLeft, NoDraw, NotADrawDay, UnusablePool
from casework.draws.rules import from_json, to_json
from casework.errors import NoReason, NotAllowed
from casework.people import Actor, Role
from casework.sql import insert, text
from casework.store.draw_tables import DRAW_SEEDS
from tests.casework.conftest import NOW, got_round

INSPECTORS = ("陈晨", "李立", "王五", "赵六", "周周")
TOMORROW = NOW + timedelta(days=1)
KIN = Recusal("陈晨", "fa_0", "配偶在该院任职")


def pool(places=12, share=25, team=2, recusals=()):
    made = tuple(Place(f"fa_{n}", "三级" if n % 3 == 0 else "一级") for n in range(places))
    return Pool(made, INSPECTORS, share, team, recusals)


@pytest.fixture
def laid(act, chen):
    return act(prepare, chen, "三月抽查", "110105", pool(), "福彩3D", TOMORROW.date(), NOW)


def digest(*lines):
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def test_a_draw_is_what_sha256_says():
    given_, seed = pool(share=34), "3 8 1"
    canonical = {
        "places": [{"id": p.id, "group": p.group} for p in given_.places],
        "inspectors": list(INSPECTORS), "share": 34, "team": 2, "recusals": [],
    }  # fmt: skip
    plain = json.dumps(canonical, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    mark = hashlib.sha256(plain.encode()).hexdigest()
    assert fingerprint(given_) == mark
    order = sorted(given_.places, key=lambda p: digest(mark, seed, p.id))
    kept = [p for p in order if p.group == "三级"][:2] + [p for p in order if p.group == "一级"][:3]
    found = drawn(given_, seed)
    assert [one.place for one in found] == [p.id for p in order if p in kept]
    first = min(INSPECTORS, key=lambda who: digest(mark, seed, found[0].place, who))
    assert found[0].inspectors[0] == first


@given(
    st.integers(1, 30), st.integers(1, 100), st.integers(1, 4), st.text(min_size=1),
    st.sets(st.tuples(st.sampled_from(INSPECTORS[:1]), st.integers(0, 29))),
)  # fmt: skip
def test_every_draw_is_fair_and_repeatable(places, share, team, seed, kin):
    recusals = tuple(Recusal(who, f"fa_{n}", "近亲属") for who, n in sorted(kin) if n < places)
    given_ = pool(places, share, team, recusals)
    found = drawn(given_, seed)
    assert found == drawn(from_json(to_json(given_)), seed)
    sizes = Counter(place.group for place in given_.places)
    taken = Counter(one.group for one in found)
    assert taken == {group: -(-size * share // 100) for group, size in sizes.items()}
    for one in found:
        assert len(set(one.inspectors)) == team
        assert not {(who, one.place) for who in one.inspectors} & {
            (r.inspector, r.place) for r in recusals
        }
    if not recusals:
        loads = Counter(who for one in found for who in one.inspectors)
        assert max(loads.values()) - min(loads[who] for who in INSPECTORS) <= 1


def test_all_are_drawn_about_equally_often():
    counts = Counter(one.place for n in range(600) for one in drawn(pool(8, 25), f"seed {n}"))
    for group in (("fa_0", "fa_3", "fa_6"), ("fa_1", "fa_2", "fa_4", "fa_5", "fa_7")):
        expected = sum(counts[place] for place in group) / len(group)
        assert all(abs(counts[place] - expected) < 4 * expected**0.5 for place in group)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: pool(places=0),
        lambda: Pool((Place("a", ""), Place("a", "")), INSPECTORS, 10, 2),
        lambda: Pool((Place("a", ""),), ("甲", "甲"), 10, 2),
        lambda: pool(share=0),
        lambda: pool(share=101),
        lambda: pool(team=0),
        lambda: pool(team=6),
        lambda: pool(recusals=(Recusal("陈晨", "fa_0", " "),)),
        lambda: pool(recusals=(Recusal("陈晨", "fa_99", "近亲属"),)),
        lambda: pool(recusals=(Recusal("外人", "fa_0", "近亲属"),)),
    ],
)
def test_an_unfair_pool_is_refused(wrong):
    with pytest.raises(UnusablePool):
        wrong()


def test_a_pool_is_drawn_once_after_it_was_laid_down(store, act, chen, laid):
    assert (laid.seed, laid.inspections) == (None, ())
    with pytest.raises(NotADrawDay):
        act(run, chen, laid.no, "3 8 1", NOW)
    with pytest.raises(NoReason):
        act(run, chen, laid.no, " ", TOMORROW)
    made = act(run, chen, laid.no, "3 8 1", TOMORROW)
    assert made.inspections == drawn(pool(), "3 8 1")
    with pytest.raises(NoDraw):
        act(run, chen, laid.no, "9 9 9", TOMORROW)
    assert act(draw, laid.no) == made
    assert act(draws) == (made,)
    told = [(one.action, one.subject) for one in audit.entries(store).entries]
    assert told == [("draw.run", f"draw_{laid.no}"), ("draw.prepare", f"draw_{laid.no}")]
    assert audit.verify(store) is None


def test_who_turns_out_to_be_biased_is_replaced_at_that_place_alone(store, act, chen, li, laid):
    made = act(run, chen, laid.no, "3 8 1", TOMORROW)
    first = made.inspections[0]
    biased = Recusal(first.inspectors[0], first.place, "当事人申请回避")
    with pytest.raises(NotAllowed):
        act(recuse, chen, laid.no, biased, TOMORROW)
    after = act(recuse, li, laid.no, biased, TOMORROW)
    assert after.inspections[1:] == made.inspections[1:]
    assert isinstance(after.inspections[0], Inspection)
    assert biased.inspector not in after.inspections[0].inspectors
    assert len(after.inspections[0].inspectors) == 2
    with pytest.raises(NoDraw):
        act(recuse, li, laid.no, biased, TOMORROW)
    for _ in INSPECTORS[3:]:
        who = act(draw, laid.no).inspections[0].inspectors[0]
        act(recuse, li, laid.no, Recusal(who, first.place, "近亲属"), TOMORROW)
    last = Recusal(act(draw, laid.no).inspections[0].inspectors[0], first.place, "近亲属")
    with pytest.raises(NobodyLeft):
        act(recuse, li, laid.no, last, TOMORROW)


def test_a_pool_that_cannot_be_drawn_lawfully_is_not_laid_down(act, chen):
    given_ = ("三月抽查", "110105")
    later = TOMORROW.date()
    with pytest.raises(UnusablePool, match="第四十二条"):
        act(prepare, chen, *given_, pool(team=1), "福彩3D", later, NOW)
    with pytest.raises(NotADrawDay):
        act(prepare, chen, *given_, pool(), "福彩3D", NOW.date(), NOW)
    with pytest.raises(NoReason):
        act(prepare, chen, *given_, pool(), " ", later, NOW)
    kin = tuple(Recusal(who, "fa_0", "近亲属") for who in INSPECTORS[:4])
    with pytest.raises(NobodyLeft):
        act(prepare, chen, *given_, pool(recusals=kin), "福彩3D", later, NOW)
    viewer = Actor("看客", frozenset({Role.VIEWER}))
    with pytest.raises(NotAllowed):
        act(prepare, viewer, *given_, pool(), "福彩3D", later, NOW)
    assert act(draws) == ()


def test_nobody_gets_round_the_order_of_pool_and_seed(act, chen, laid):
    early = {"no": laid.no, "seed": "1", "drawer": "陈晨"}
    assert not got_round(
        act,
        [
            insert(DRAW_SEEDS).values(**early, drawn_at=NOW),
            insert(DRAW_SEEDS).values(**early | {"no": 99}, drawn_at=TOMORROW),
            text("UPDATE draws SET pool = '{}'"),
            text("UPDATE draws SET seed_on = '2020-01-01'"),
            text("DELETE FROM draws"),
        ],
    )
    act(run, chen, laid.no, "3 8 1", TOMORROW)
    assert not got_round(
        act,
        [
            insert(DRAW_SEEDS).values(**early, drawn_at=TOMORROW),
            text("UPDATE draw_seeds SET seed = '2'"),
            text("DELETE FROM draw_seeds"),
        ],
    )
    assert act(draw, laid.no).seed == "3 8 1"
