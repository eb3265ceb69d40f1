"""Orders come from an approval and from nowhere else, for the reach that was seen; on both databases."""

from datetime import timedelta

import pytest

from casework import sanctions
from casework.orders import ledger
from casework.orders.channels import Channels, Folder, Line, read_channels
from casework.orders.errors import BadChannels
from casework.sanctions import Registry
from casework.sanctions.errors import NoCode, ReachChanged
from casework.sql import delete, insert, update
from casework.store.order_tables import ORDER_EVENTS, ORDERS, REACH
from tests.casework.conftest import NOW, got_round, registered
from tests.pushing import AREA, CHECKER, MAKER, lifted, suspended

DAY = NOW.date()
PERSON = sanctions.Person("pr_a", True, "主治医师")


def proposed(act, registry):
    draft = sanctions.draft_measure(
        sanctions.Kind.END_AGREEMENT, "fa_x", AREA, DAY, None, "条例", (PERSON,)
    )
    return act(sanctions.propose, MAKER, draft, registry, "骗保", NOW)


def test_each_previewed_registration_is_one_order_and_its_lift_another(store, act):
    no = suspended(store, ["FA_A", "FA_B"])
    assert [(one.order.kind, one.place) for one in act(ledger.orders_of, no)] == [
        ("suspend", "fa_a"), ("suspend", "fa_b"),
    ]  # fmt: skip
    lifted(store, no, DAY + timedelta(days=3))
    first, second, *undone = act(ledger.orders_of, no)
    assert [one.order.reverses for one in undone] == [first.order.order, second.order.order]
    assert {(one.order.kind, one.order.sequence) for one in undone} == {("reinstate", 2)}
    assert {one.order.begins for one in undone} == {DAY + timedelta(days=3)}
    assert not first.over(DAY + timedelta(days=2))
    assert first.over(DAY + timedelta(days=3))


def test_what_was_seen_is_what_is_approved(act):
    no = proposed(act, registered("fa_a", "fa_b")).no
    other = registered("fa_b", "fa_c", snapshot="t0002")
    with pytest.raises(ReachChanged) as refused:
        act(sanctions.decide_sanction, CHECKER, no, other, "同意", NOW, approve=True)
    assert ("fa_a" in refused.value.gone[0], "fa_c" in refused.value.added[0]) == (True, True)
    assert act(ledger.orders_of, no) == ()
    same = registered("fa_b", "fa_a", snapshot="t0002")
    act(sanctions.decide_sanction, CHECKER, no, same, "同意", NOW, approve=True)
    assert [one.order.kind for one in act(ledger.orders_of, no)] == ["terminate", "terminate"]
    assert act(sanctions.reach_of, no).registrations[0].place == "fa_a"


def test_without_a_code_nothing_is_proposed(act):
    known = registered("fa_a")
    registry = Registry("t0001", known.reach, lambda pairs: dict.fromkeys(pairs, ("D1", "")))
    with pytest.raises(NoCode) as refused:
        proposed(act, registry)
    assert refused.value.id == "fa_a"


ORDER = {
    "no": 99, "id": "od_x", "sanction": 1, "decision": 1, "kind": "suspend", "practitioner": "pr_a",
    "place": "fa_c", "area": AREA, "practitioner_code": "PR_A", "place_code": "FA_C",
    "sequence": 9, "reverses": None, "begins": DAY, "ends": None, "law": "x", "issued": NOW,
}  # fmt: skip
LINE = {
    "no": 2, "practitioner": "pr_a", "place": "fa_c", "id": "od_y", "area": AREA,
    "practitioner_code": "PR_A", "place_code": "FA_C",
}  # fmt: skip
EVENT = {"order_no": 1, "step": 1, "event": "sent", "at": NOW, "actor": "x", "due": NOW}
EVENTS = ({"event": "acknowledged", "due": None, "receipt": "R"}, {"step": 2}, {"step": 0},
          {"event": "expired", "due": None, "reason": "x"}, {"event": "lost"}, {"due": None},
          {"event": "rejected", "due": None, "reason": "x"}, {"actor": " "})  # fmt: skip
ROUND_IT = [
    insert(ORDERS).values(ORDER),
    insert(ORDERS).values(ORDER | {"place": "fa_a"}),
    insert(ORDERS).values(ORDER | {"sanction": 2, "decision": 2}),
    insert(ORDERS).values(ORDER | {"sanction": 2, "decision": 2, "place": "fa_a"}),
    insert(ORDERS).values(ORDER | {"kind": "reinstate", "reverses": 1, "place": "fa_a"}),
    update(ORDERS).values(place_code="FA_Z"),
    update(ORDERS).values(ends=DAY),
    delete(ORDERS),
    insert(REACH).values(LINE),
    insert(REACH).values(LINE | {"no": 1}),
    insert(REACH).values(LINE | {"no": 1, "place": "fa_a"}),
    update(REACH).values(place_code="FA_Z"),
    delete(REACH),
    *(insert(ORDER_EVENTS).values(EVENT | change) for change in EVENTS),
]


def test_the_store_refuses_every_way_round(store, act):
    """Sanction 1 is approved and has two orders, 2 waits."""
    assert suspended(store, ["FA_A", "FA_B"]) == 1
    assert proposed(act, registered("fa_a", "fa_b")).no == 2
    before = act(ledger.orders_of, 1)
    assert got_round(act, ROUND_IT) == []
    assert act(ledger.orders_of, 1) == before
    assert act(ledger.orders_of, 2) == ()
    act(lambda tx: tx.execute(insert(ORDER_EVENTS).values(EVENT)))
    changed = [update(ORDER_EVENTS).values(event="failed"), delete(ORDER_EVENTS)]
    assert got_round(act, changed) == []


KEYS = '[keys.k1]\nalgorithm = "hmac-sha256"\nsecret = "%s"\n' % ("s" * 40)
GOOD = """keys = "keys.toml"
[[channels]]
place = "FA_A"
url = "https://his.example/huancha"
key = "k1"
[[channels]]
area = "1101"
folder = "batches"
key = "k1"
[[channels]]
area = "110105"
url = "https://chaoyang.example"
key = "k1"
"""


@pytest.fixture
def channels(tmp_path):
    """Read what is given as channels.toml."""

    def reading(text):
        (tmp_path / "keys.toml").write_text(KEYS)
        (tmp_path / "keys.toml").chmod(0o600)
        (tmp_path / "channels.toml").write_text(text)
        return read_channels(tmp_path)

    return reading


def test_the_nearest_channel_is_taken(channels, tmp_path):
    assert read_channels(tmp_path / "none") == Channels({}, {})
    found = channels(GOOD)
    for code, area, url in (
        ("FA_A", "120000", "https://his.example/huancha"),
        ("FA_B", "110105", "https://chaoyang.example"),
    ):
        line = found.of(code, area)
        assert isinstance(line, Line)
        assert line.endpoint.url == url
    folder = found.of("FA_B", "110102")
    assert isinstance(folder, Folder)
    assert folder.path == tmp_path / "batches"
    assert found.folders == (folder,)
    assert found.of("FA_B", "120000") is None
    assert found.of("FA_B", None) is None


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("keys =", "keys"), ('key = "k1"', 'key = "k2"'), ('place = "FA_A"', ""),
        ('area = "110105"', 'area = "1101"'), ("https://chaoyang", "http://chaoyang"),
        ('folder = "batches"', ""), ('place = "FA_A"', 'name = "FA_A"'),
        ('place = "FA_A"', 'place = "FA_A"\narea = "11"'),
    ],
)  # fmt: skip
def test_channels_that_do_not_fit_are_refused(channels, good, bad):
    with pytest.raises(BadChannels):
        channels(GOOD.replace(good, bad))
