"""The visits of a ring's patients on a timeline, one row per patient, gatherings marked."""

from collections.abc import Sequence
from datetime import datetime

import altair as alt
import pandas as pd
import streamlit as st

from dashboards.blocks.charts import draw
from dashboards.formats import count, day, minute, pseudonym, yuan
from dashboards.frame import card
from dashboards.reading.dossier import Dossier
from dashboards.reading.ring_bills import VISIT_ROW
from dashboards.reading.ring_parts import Visit
from dashboards.texts import both, t

ROW = 19
LEAST_HEIGHT = 190
COLOURS = ("#d9731a", "#3f7fbf", "#a3b1c0")
SHAPES = ("square", "circle", "diamond")
ABOVE_AND_BELOW = 84


Mark = dict[str, str | datetime | None]


def timeline(found: Dossier) -> None:
    """Visits as marks over time; what was cut is said."""
    with card("timeline", t("ring.timeline")):
        if not found.visits.items:
            st.text(t("ring.timeline.empty"))
            return
        st.caption(
            t(
                "ring.timeline.shown",
                people=len(found.people),
                all_people=found.all_people,
                n=count(len(found.visits)),
                total=count(found.visits.total),
            )
        )
        draw(_chart(found), t("ring.timeline"))
        places = found.without_patients
        st.caption(t("ring.timeline.note.places" if places else "ring.timeline.note"))


def _chart(found: Dossier) -> alt.Chart:
    kinds = [t(f"ring.timeline.{kind}") for kind in ("named", "inside", "outside")]
    marks = [_visit(visit, kinds) for visit in found.visits] + _papers(found, kinds[0])
    frame = pd.DataFrame(marks)
    row = "place" if found.without_patients else "who"
    present = set(frame[row])
    named = (
        [use.place.name for use in found.uses] if row == "place" else map(pseudonym, found.people)
    )
    order = [name for name in named if name in present]
    legend = alt.Legend(
        title=None, orient="top", direction="horizontal", symbolSize=90, labelLimit=320
    )
    chart: alt.Chart = (
        alt.Chart(frame, height=max(LEAST_HEIGHT, ROW * len(order) + ABOVE_AND_BELOW))
        .mark_point(filled=True, size=48, opacity=0.9, strokeWidth=2)
        .encode(
            x=alt.X(
                "at:T", title=None, axis=alt.Axis(format="%Y-%m-%d", labelAngle=0, tickCount=8)
            ),
            y=alt.Y(
                f"{row}:N",
                sort=order,
                title=None,
                axis=alt.Axis(grid=True, ticks=False, labelOverlap=False, labelLimit=240),
            ),
            color=alt.Color("mark:N", scale=alt.Scale(domain=kinds, range=COLOURS), legend=legend),
            shape=alt.Shape("mark:N", scale=alt.Scale(domain=kinds, range=SHAPES), legend=legend),
            tooltip=[
                alt.Tooltip("who:N", title=t("ring.timeline.patient")),
                alt.Tooltip("when:N", title=t("ring.timeline.time")),
                alt.Tooltip("place:N", title=t("ring.timeline.place")),
                alt.Tooltip("fund:N", title=t("ring.timeline.fund")),
                alt.Tooltip("mark:N", title=t("ring.timeline.mark")),
            ],
        )
    )
    return chart


def _visit(visit: Visit, kinds: Sequence[str]) -> Mark:
    return {
        "at": visit.at,
        "who": pseudonym(visit.patient),
        "mark": kinds[0 if visit.named else 1 if visit.in_ring else 2],
        "when": minute(visit.at),
        "place": visit.place,
        "fund": yuan(visit.fund),
    }


def _papers(found: Dossier, kind: str) -> list[Mark]:
    """Evidence that is no visit, such as a receipt, as a mark for each patient it names."""
    return [
        {
            "at": entry.at,
            "who": pseudonym(found.patients[key]),
            "mark": kind,
            "when": day(entry.at),
            "place": both(entry.note_zh, entry.note_en),
            "fund": yuan(entry.fund),
        }
        for entry in found.facts
        if entry.at is not None and not any(row.startswith(VISIT_ROW) for row in entry.rows)
        for key in entry.members
        if found.patients.get(key) in found.people
    ]
