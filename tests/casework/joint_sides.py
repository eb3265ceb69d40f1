"""Three offices that review together, and the post between them."""

import json
import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta

from casework import joint
from casework.bundles import SealKeys, seal_keys
from casework.people import Actor, Role
from casework.sql import insert
from casework.store import Store, open_store
from casework.store.joint_tables import JOINT_ASSEMBLIES, JOINT_RINGS
from graph.schema import Grade

NOW = datetime(2026, 3, 2, 9, 30)
TERMS = joint.Terms(
    "京津冀联审 2026-1", "跨省团伙线索联合研判", "医疗保障基金使用监督管理条例 第二十二条",
    date(2025, 1, 1), date(2025, 12, 31), date(2026, 12, 31),
)  # fmt: skip
NAMES = {"110000": "北京市医疗保障局", "120000": "天津市医疗保障局", "130000": "河北省医疗保障局"}


@dataclass
class Office:
    """One side: its store, keys, a liaison and a second person; `outbox` by file name, in the order of sending."""

    code: str
    store: Store
    keys: SealKeys
    clock: datetime = NOW
    carried: set = field(default_factory=set)

    def __post_init__(self):
        short = self.code[:2]
        self.liaison = Actor(f"联络员{short}", frozenset({Role.LIAISON}))
        self.second = Actor(f"审批人{short}", frozenset({Role.APPROVER}))

    @property
    def side(self):
        return joint.own_side(self.keys, self.code, NAMES[self.code])

    def now(self):
        self.clock += timedelta(minutes=1)
        return self.clock

    def do(self, what, *arguments, **named):
        """One call by the liaison in a transaction, with this office's keys where they are asked for."""
        with self.store.write() as tx:
            return what(tx, *arguments, **named)

    def let_go(self, decide, no, why="核对无误", approve=True):
        return self.do(decide, self.keys, self.second, no, why, self.now(), approve=approve)

    def say(self, review, kind, content, to=None):
        return self.do(joint.send, self.keys, self.liaison, review, kind, content, self.now(), to)

    def take(self, file):
        return self.do(joint.receive, self.keys, self.liaison, file, self.now())

    def post(self, review):
        """Every parcel ever sent, as (recipient, file)."""
        with self.store.read() as tx:
            return [
                (name.partition("-")[0], file) for name, file in joint.files(tx, review).items()
            ]

    def heard(self, review, kind):
        with self.store.read() as tx:
            return joint.received(tx, self.keys, review, kind)

    def review(self, review):
        with self.store.read() as tx:
            return joint.review(tx, review)


@contextmanager
def three_offices(folder, empty):
    """Beijing, Tianjin and Hebei, each with a copy of the `empty` store in a folder of its own."""
    with ExitStack() as open_now:
        made = []
        for code in NAMES:
            (folder / code).mkdir()
            shutil.copy(empty, folder / code)
            store = open_now.enter_context(open_store(folder / code))
            made.append(office(code, store, folder / code))
        yield made


def office(code, store, folder):
    """An office with new keys kept in `folder`."""
    return Office(code, store, seal_keys(folder))


def deliver(review, *offices):
    """Carry each parcel not yet carried to its recipient; what was taken."""
    by_code = {one.code: one for one in offices}
    taken = []
    for one in offices:
        for recipient, file in one.post(review):
            if file not in one.carried and recipient in by_code:
                one.carried.add(file)
                taken.append(by_code[recipient].take(file))
    return taken


def opened(first, *others):
    """The id of a review that `first` opened and nobody has accepted; the invitations have arrived."""
    made = first.do(
        joint.propose_open, first.liaison, TERMS, first.side, [o.side for o in others], first.now()
    )
    first.let_go(joint.decide_open, made.no)
    deliver(made.subject, first, *others)
    return made.subject


def accept(review, one, *others):
    """`one` accepts the review after checking everybody's fingerprint."""
    prints = [o.keys.card().fingerprint for o in others]
    made = one.do(joint.propose_accept, one.liaison, review, prints, "指纹已电话核对", one.now())
    one.let_go(joint.decide_accept, made.no)


def agreed(*offices):
    """The id of a review that all `offices` take part in."""
    review = opened(*offices)
    for one in offices[1:]:
        accept(review, one, *(other for other in offices if other is not one))
    deliver(review, *offices)
    return review


def assembled(office, review, *rings):
    """An assembly of `rings` (id, the provinces that hold somebody in it) kept as this office may see it."""
    with office.store.write() as tx:
        row = {"no": 1, "review": review, "parts": "{}", "found": len(rings), "digest": "0",
               "at": NOW, "actor": "测"}  # fmt: skip
        tx.execute(insert(JOINT_ASSEMBLIES).values(row))
        for id_, provinces in rings:
            if office.code[:2] not in provinces:
                continue
            members = {f"b{province}": province for province in provinces}
            ring = joint.JointRing(
                id_, Grade.A, 20.0, 0.0, members, ("110000",), 9, 0.1, "2025-01", "2025-02", (), {}
            )
            row = {"assembly": 1, "ring": id_, "grade": "A", "evidence": 20.0,
                   "content": json.dumps(asdict(ring))}  # fmt: skip
            tx.execute(insert(JOINT_RINGS).values(row))
