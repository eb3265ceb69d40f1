"""The visits of a ring's patients on a timeline, one row per patient, gatherings marked."""

import altair as alt
import pandas as pd
import streamlit as st

from dashboards.blocks.charts import draw
from dashboards.formats import count, minute, pseudonym, yuan
from dashboards.frame import card
from dashboards.reading.dossier import Dossier
from dashboards.texts import t

ROW = 19
LEAST_HEIGHT = 190
COLOURS = ("#d9731a", "#3f7fbf", "#a3b1c0")
SHAPES = ("square", "circle", "diamond")
ABOVE_AND_BELOW = 84


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
        st.caption(t("ring.timeline.note"))


def _chart(found: Dossier) -> alt.Chart:
    visits = found.visits
    kinds = [t(f"ring.timeline.{kind}") for kind in ("named", "inside", "outside")]
    frame = pd.DataFrame(
        {
            "at": [visit.at for visit in visits],
            "who": [pseudonym(visit.patient) for visit in visits],
            "mark": [kinds[0 if v.named else 1 if v.in_ring else 2] for v in visits],
            "when": [minute(visit.at) for visit in visits],
            "place": [visit.place for visit in visits],
            "fund": [yuan(visit.fund) for visit in visits],
        }
    )
    present = set(frame["who"])
    order = [pseudonym(id_) for id_ in found.people if pseudonym(id_) in present]
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
                "who:N",
                sort=order,
                title=None,
                axis=alt.Axis(grid=True, ticks=False, labelOverlap=False),
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
