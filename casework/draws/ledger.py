"""The record of draws: the pool is laid down first, the seed is published after it, and each pool is drawn once."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from functools import cached_property
from typing import Any

from casework import audit
from casework.draws.errors import NoDraw, NotADrawDay, Unfair, UnusablePool
from casework.draws.rules import Inspection, Pool, Recusal, drawn, fingerprint, from_json, to_json
from casework.errors import NoReason
from casework.law import Rule, law_on
from casework.people import Actor, Role, require
from casework.sql import Select, func, insert, select
from casework.store import Tx
from casework.store.draw_tables import DRAW_RECUSALS, DRAW_SEEDS, DRAWS


@dataclass(frozen=True)
class Draw:
    """A pool that was laid down, as the JSON `laid`; `seed` and `inspections` are there once it was drawn.

    `seed_from` says which public figure the seed will be (a lottery's draw, an index), published on `seed_on`.
    """

    no: int
    title: str
    area: str
    laid: str
    fingerprint: str
    seed_from: str
    seed_on: date
    law: str
    maker: str
    made_at: datetime
    seed: str | None = None
    drawer: str | None = None
    drawn_at: datetime | None = None
    recusals: tuple[Recusal, ...] = ()

    @property
    def id(self) -> str:
        """What the audit and addresses call it."""
        return f"draw_{self.no}"

    @cached_property
    def pool(self) -> Pool:
        """What was laid down."""
        return from_json(self.laid)

    @cached_property
    def inspections(self) -> tuple[Inspection, ...]:
        """Where whom is sent, computed anew from pool, seed and recusals."""
        return () if self.seed is None else drawn(self.pool, self.seed, self.recusals)

    def record(self) -> dict[str, Any]:
        """All that anybody needs to recompute it, and what it gave."""
        lists = {
            name: [asdict(one) for one in getattr(self, name)]
            for name in ("recusals", "inspections")
        }
        held = {field.name: getattr(self, field.name) for field in fields(self)}
        del held["laid"]
        return held | {"pool": json.loads(self.laid)} | lists


def prepare(
    tx: Tx, actor: Actor, title: str, area: str, pool: Pool, seed_from: str, seed_on: date,
    now: datetime,
) -> Draw:  # fmt: skip
    """Lay a pool down before its seed is known.

    Raises `UnusablePool` where the team is smaller than the law's, `NobodyLeft` where a place could get no team,
    `NotADrawDay` where the seed is not of a later day, `NotAllowed`, `NoReason`, `NoLaw`.
    """
    require(actor, Role.INVESTIGATOR, area)
    law = law_on(now.date(), area)
    cited = law.cite(law[Rule.INSPECTORS])
    if pool.team < law[Rule.INSPECTORS].least:
        raise UnusablePool(Unfair.TEAM_OF_LAW, cited)
    if not seed_from.strip():
        raise NoReason("draw.prepare")
    if seed_on <= now.date():
        raise NotADrawDay(seed_on)
    everywhere = Pool(pool.places, pool.inspectors, 100, pool.team, pool.recusals)
    drawn(everywhere, "")
    no = (tx.execute(select(func.max(DRAWS.c.no))).scalar() or 0) + 1
    row = {
        "no": no, "title": title, "area": area, "pool": to_json(pool),
        "fingerprint": fingerprint(pool), "seed_from": seed_from, "seed_on": seed_on,
        "law": cited, "maker": actor.name, "made_at": now,
    }  # fmt: skip
    tx.execute(insert(DRAWS).values(row))
    facts = {"fingerprint": row["fingerprint"], "seed_from": seed_from, "seed_on": seed_on}
    audit.append(tx, actor, "draw.prepare", f"draw_{no}", title, now, cited, facts)
    return draw(tx, no)


def run(tx: Tx, actor: Actor, no: int, seed: str, now: datetime) -> Draw:
    """Draw with the published seed; raises `NoDraw` where it was drawn before, `NotADrawDay` before its day."""
    found = draw(tx, no)
    require(actor, Role.INVESTIGATOR, found.area)
    if found.seed is not None:
        raise NoDraw(no)
    if now.date() < found.seed_on:
        raise NotADrawDay(found.seed_on)
    if not seed.strip():
        raise NoReason("draw.run")
    row = {"no": no, "seed": seed.strip(), "drawer": actor.name, "drawn_at": now}
    tx.execute(insert(DRAW_SEEDS).values(row))
    audit.append(
        tx, actor, "draw.run", f"draw_{no}", found.seed_from, now, found.law, {"seed": row["seed"]}
    )
    return draw(tx, no)


def recuse(tx: Tx, actor: Actor, no: int, recusal: Recusal, now: datetime) -> Draw:
    """Replace an inspector who was drawn and turns out to be biased, by the next in that place's order.

    The head of the office decides (行政处罚法 第四十三条), so this needs an approver. Raises `NoDraw` where that
    inspector is not sent there, `NobodyLeft`, `NotAllowed`, `NoReason`.
    """
    found = draw(tx, no)
    require(actor, Role.APPROVER, found.area)
    if not any(
        one.place == recusal.place and recusal.inspector in one.inspectors
        for one in found.inspections
    ):
        raise NoDraw(no)
    drawn(found.pool, found.seed or "", (*found.recusals, recusal))
    audit.append(
        tx, actor, "draw.recuse", f"draw_{no}", recusal.reason, now,
        "行政处罚法（2021年修订） 第四十三条",
        {"inspector": recusal.inspector, "place": recusal.place},
    )  # fmt: skip
    step = len(found.recusals) + 1
    tx.execute(insert(DRAW_RECUSALS).values(no=no, step=step, **asdict(recusal)))
    return draw(tx, no)


def draw(tx: Tx, no: int) -> Draw:
    """One draw; raises `NoDraw`."""
    found = _drawn().where(DRAWS.c.no == no)
    row = tx.execute(found).mappings().first()
    if row is None:
        raise NoDraw(no)
    return _draw(tx, row)


def draws(tx: Tx) -> tuple[Draw, ...]:
    """Every draw, newest first."""
    found = tx.execute(_drawn().order_by(DRAWS.c.no.desc())).mappings().all()
    return tuple(_draw(tx, row) for row in found)


def _drawn() -> Select[Any]:
    seeds = [column for column in DRAW_SEEDS.c if column.name != "no"]
    both = DRAWS.outerjoin(DRAW_SEEDS, DRAWS.c.no == DRAW_SEEDS.c.no)
    return select(*DRAWS.c, *seeds).select_from(both)


def _draw(tx: Tx, row: Mapping[Any, Any]) -> Draw:
    columns = (DRAW_RECUSALS.c.inspector, DRAW_RECUSALS.c.place, DRAW_RECUSALS.c.reason)
    wanted = DRAW_RECUSALS.c.no == row["no"]
    found = tx.execute(select(*columns).where(wanted).order_by(DRAW_RECUSALS.c.step))
    later = tuple(Recusal(*one) for one in found)
    held = dict(row)
    return Draw(laid=held.pop("pool"), recusals=later, **held)
