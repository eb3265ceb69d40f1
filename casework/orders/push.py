"""The worker that takes approved orders to their places: none lost, none applied twice, whatever breaks.

That an order is being sent is written down before it leaves, with the moment from which it may be sent again;
a worker that died in between left nothing but an order that is due later, and a place that is told twice
answers with the same receipt.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from casework.errors import CaseworkError
from casework.orders.channels import Channels, Folder, Line
from casework.orders.errors import BadWire, PlaceDown, PlaceRefused
from casework.orders.folders import collect, hand_out
from casework.orders.https import Endpoint
from casework.orders.ledger import Event, Issued, News, State, answered, append, orders_in, settle
from casework.orders.signing import Key
from casework.orders.wire import Acknowledgement, Order
from casework.people import Actor, Role
from casework.sql import func, select
from casework.store import Store, Tx
from casework.store.order_tables import ORDER_EVENTS, ORDERS

PUSHER = Actor("huancha push", frozenset({Role.LIAISON}))
"""The worker itself, as the audit names it: it does what a second person approved."""
IDLE = 1.0
"""Seconds between two looks when nothing is due."""
GATHER = 0.2
"""Seconds in which answers are gathered before they are written down together."""
APPROVED = "approved by a second person"
OVER = "its term was over before its place acknowledged it"
Deliver = Callable[[Order, Endpoint, Key, datetime, float], Acknowledgement]


@dataclass(frozen=True)
class Pace:
    """How fast orders leave, in seconds: `timeout` of one call, `lease` until a lost call may be repeated.

    `apart` lies between two calls to one place; after a failure the `first` wait doubles up to `longest`, each
    shortened by chance by up to half. `at_once` calls run at the same time. A batch file that nobody
    acknowledged is written again after `batch` seconds.
    """

    timeout: float = 10.0
    lease: float = 60.0
    apart: float = 0.5
    first: float = 2.0
    longest: float = 3_600.0
    at_once: int = 16
    batch: float = 86_400.0


@dataclass(frozen=True)
class Due:
    """What may be sent now by each kind of channel, what is over, and whether more only waits for its place's pace."""

    by_line: tuple[tuple[Issued, Line], ...]
    by_file: tuple[tuple[Issued, Folder], ...]
    over: tuple[Issued, ...]
    paced: bool

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.by_line or self.by_file or self.over)


class Pusher:
    """A worker over an open store. Any number of them may work at the same time."""

    def __init__(
        self, store: Store, channels: Channels, pace: Pace, deliver: Deliver,
        clock: Callable[[], datetime], sleep: Callable[[float], None], seed: int,
    ) -> None:  # fmt: skip
        self._store = store
        self._channels = channels
        self._pace = pace
        self._deliver = deliver
        self._clock = clock
        self._sleep = sleep
        self._chance = Random(seed)  # noqa: S311 jitter

    def push(self, *, once: bool) -> None:
        """Send what is due until nothing is (`once`), or for as long as nobody interrupts."""
        flying: dict[Future[News], Issued] = {}
        with ThreadPoolExecutor(self._pace.at_once) as pool:
            while True:
                collect(self._store, PUSHER, self._channels, self._clock())
                due = self._take(self._pace.at_once - len(flying))
                for issued, line in due.by_line:
                    flying[pool.submit(self._send, issued, line)] = issued
                if flying:
                    done, _ = wait(flying, timeout=GATHER)
                    self._record([(flying.pop(one), one.result()) for one in done])
                elif once and not due.paced:
                    return
                else:
                    self._sleep(self._pace.apart if due.paced else IDLE)

    def _take(self, free: int) -> Due:
        """What is due, written down as being sent; at most `free` calls."""
        with self._store.read() as tx:
            due = self._due(tx, free)
        if due.nothing:
            return due
        with self._store.write() as tx:
            due = self._due(tx, free)  # another worker may have been quicker
            now = self._clock()
            for issued in due.over:
                append(tx, PUSHER, issued, News(Event.EXPIRED, OVER), now)
            again = now + timedelta(seconds=self._pace.lease)
            for issued, _ in due.by_line:
                append(tx, PUSHER, issued, News(Event.SENT, APPROVED, due=again), now)
            hand_out(tx, PUSHER, due.by_file, now, now + timedelta(seconds=self._pace.batch))
        return due

    def _due(self, tx: Tx, free: int) -> Due:
        """Of each registration its earliest open order, of each place one call at a time."""
        now = self._clock()
        open_ = orders_in(tx, State.PENDING, State.SENT)
        ripe = [one for one in open_ if one.due is None or one.due <= now]
        over = {one.no for one in ripe if one.over(now.date())}
        resting = {one.order.place_code for one in open_ if one.due is not None and one.due > now}
        just = self._just_called(tx, now)
        earliest: dict[tuple[str, str], Issued] = {}
        for one in open_:
            if one.no not in over:
                earliest.setdefault((one.practitioner, one.place), one)
        lines: dict[str, tuple[Issued, Line]] = {}
        files: list[tuple[Issued, Folder]] = []
        waiting = 0
        for one in sorted(earliest.values(), key=lambda one: (one.step, one.no)):
            code = one.order.place_code
            channel = self._channels.of(code, one.area)
            if isinstance(channel, Folder) and (one.due is None or one.due <= now):
                files.append((one, channel))
            elif isinstance(channel, Line) and code not in resting:
                if code in just or code in lines or len(lines) == free:
                    waiting += 1
                else:
                    lines[code] = (one, channel)
        ended = tuple(one for one in ripe if one.no in over)
        return Due(tuple(lines.values()), tuple(files), ended, waiting > 0)

    def _just_called(self, tx: Tx, now: datetime) -> set[str]:
        since = now - timedelta(seconds=self._pace.apart)
        sent = select(ORDERS.c.place_code).join(
            ORDER_EVENTS, ORDER_EVENTS.c.order_no == ORDERS.c.no
        )
        recent = (ORDER_EVENTS.c.event == Event.SENT) & (ORDER_EVENTS.c.at > since)
        return set(tx.execute(sent.where(recent)).scalars())

    def _send(self, issued: Issued, line: Line) -> News:
        """What came of one call; whatever goes wrong, the order is kept and due again."""
        try:
            said = self._deliver(
                issued.order, line.endpoint, line.key, self._clock(), self._pace.timeout
            )
        except (PlaceRefused, BadWire) as refused:
            return News(Event.REJECTED, str(refused))
        except PlaceDown as down:
            return News(Event.FAILED, str(down), due=self._later(down.retry_after or 0.0))
        except Exception as failed:
            known = isinstance(failed, CaseworkError)
            why = str(failed) if known else f"Internal error ({type(failed).__name__})."
            return News(Event.FAILED, why, due=self._later(0.0))
        return answered(said)

    def _later(self, asked: float) -> datetime:
        """A moment `asked` seconds from now; `_record` puts the back-off on top."""
        return self._clock() + timedelta(seconds=min(asked, self._pace.longest))

    def _record(self, came: Sequence[tuple[Issued, News]]) -> None:
        if not came:
            return
        with self._store.write() as tx:
            for issued, news in came:
                if news.due is not None:
                    back_off = self._clock() + self._back_off(tx, issued)
                    news = News(news.event, news.why, due=max(news.due, back_off))
                settle(tx, PUSHER, issued, news, self._clock())

    def _back_off(self, tx: Tx, issued: Issued) -> timedelta:
        """By the calls to the place that failed since one did not."""
        of_place = select(func.count(), func.max(ORDER_EVENTS.c.at)).join(
            ORDERS, ORDERS.c.no == ORDER_EVENTS.c.order_no
        ).where(ORDERS.c.place_code == issued.order.place_code)  # fmt: skip
        answers = ORDER_EVENTS.c.event.in_((Event.ACKNOWLEDGED, Event.REJECTED))
        answered_at = tx.execute(of_place.where(answers)).one()[1]
        failed = of_place.where(ORDER_EVENTS.c.event == Event.FAILED)
        if answered_at is not None:
            failed = failed.where(ORDER_EVENTS.c.at > answered_at)
        failures: int = tx.execute(failed).one()[0]
        wait_for = min(self._pace.longest, self._pace.first * 2.0 ** min(failures, 60))
        return timedelta(seconds=wait_for * (1 - self._chance.random() / 2))
