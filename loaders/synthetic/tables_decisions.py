"""Penalties and reports from outside as tables of text, columns as offices name them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from loaders.synthetic.calendar import DAY, stamps
from loaders.synthetic.codes import text
from loaders.synthetic.plan import Penalty, Plan
from loaders.synthetic.tables_events import place_codes, staff_codes
from loaders.synthetic.world import World


def penalty_tables(world: World, penalties: list[Penalty]) -> tuple[pa.Table, pa.Table]:
    """`pena_d` and `pena_psn_d`."""
    penalties = sorted(penalties, key=lambda p: (p.day, p.place))
    codes = text(place_codes(world)).to_pylist()
    people = staff_codes(world)
    numbers = [f"医保罚字〔2025〕{n + 1:04d}号" for n in range(len(penalties))]

    def date(day: int) -> str:
        return str(np.datetime64("2025-01-01") + day)

    decisions = {
        "doc_no": numbers,
        "doc_date": [date(p.day) for p in penalties],
        "pena_type": [p.kind for p in penalties],
        "fixmedins_code": [codes[p.place] for p in penalties],
        "law_article": [p.article for p in penalties],
        "measure": [p.measure for p in penalties],
        "begn_date": [date(p.begin) for p in penalties],
        "end_date": [date(p.end) if p.end >= 0 else "" for p in penalties],
        "amount": [f"{p.amount / 100:.2f}" for p in penalties],
    }
    duties = [
        (number, people[who], duty, str(points))
        for number, penalty in zip(numbers, penalties, strict=True)
        for who, duty, points in penalty.duties
    ]
    columns = list(zip(*duties, strict=True)) or [(), (), (), ()]
    names = ("doc_no", "prac_psn_code", "duty", "points")
    named = {n: pa.array(c, pa.string()) for n, c in zip(names, columns, strict=True)}
    return pa.table(decisions), pa.table(named)


def tip_table(world: World, plan: Plan) -> pa.Table:
    """`tip_d`."""
    tips = sorted(plan.tips, key=lambda t: (t.day, t.target_kind, t.target))
    places = text(place_codes(world)).to_pylist()
    staff = staff_codes(world)

    def code(kind: str, number: int) -> str:
        if kind == "patient":
            return f"P{number:09d}"
        return staff[number] if kind == "practitioner" else places[number]

    kinds = {"patient": "参保人", "practitioner": "医保医师", "place": "定点医药机构"}
    times = np.array([t.day * DAY + 36_000 + t.target % 7 * 3_600 for t in tips], dtype=np.int64)
    return pa.table(
        {
            "tip_id": [f"T{n:06d}" for n in range(len(tips))],
            "tip_time": text(stamps(times)),
            "channel": [t.channel for t in tips],
            "target_code": [code(t.target_kind, t.target) for t in tips],
            "target_type": [kinds[t.target_kind] for t in tips],
            "content": [t.content for t in tips],
        }
    )
