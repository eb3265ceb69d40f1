"""Writing a referral on the screen: one form over all it says, kept as a new version."""

from dataclasses import replace
from pathlib import Path

import streamlit as st

from casework import referral
from casework.people import Role
from casework.referral import Answer, Draft, Item, Officer, Referral
from casework.referral.checklist import against
from dashboards.access.permissions import Action
from dashboards.blocks.step import done
from dashboards.clock import now
from dashboards.formats import plain, pseudonym
from dashboards.person import actor
from dashboards.reading.referring import Sheet
from dashboards.texts import t, term

TEXTS = {
    "office": "referral.office", "police": "referral.police", "number": "referral.number",
    "suspects": "referral.suspects", "crime": "referral.crime", "law": "referral.basis",
}  # fmt: skip


def write(workspace: Path, found: Sheet) -> None:
    """The form, while nothing is reported."""
    it = found.matter.found
    if not it.open or Role.INVESTIGATOR not in actor().roles:
        return
    with st.expander(t("referral.write")), st.form("referral_write", border=False):
        said = _texts(it)
        officers = st.text_area(
            t("referral.officers"),
            "\n".join(f"{one.name}={one.certificate}" for one in it.draft.officers),
            key=f"referral_officers_{it.no}",
        )
        items = st.text_area(
            t("referral.items"),
            "\n".join(
                "=".join(filter(None, (one.name, one.quantity, one.place, one.note)))
                for one in it.draft.items
            ),
            key=f"referral_items_{it.no}",
        )
        none = st.text_input(
            t("referral.items.none"), it.draft.no_items, key=f"referral_no_items_{it.no}"
        )
        answers = _answers(found)
        if not st.form_submit_button(t("referral.write.do")):
            return
        try:
            new = replace(
                said,
                officers=tuple(Officer(*_parts(line, 2, 2)) for line in _lines(officers)),
                items=tuple(Item(*_parts(line, 3, 4)) for line in _lines(items)),
                no_items=none,
                answers=answers,
            )
        except ValueError as wrong:
            st.error(plain(t("referral.lines", line=wrong)))
            return
        if done(
            workspace, Action.REFER, lambda tx, who: referral.revise(tx, who, it.no, new, now())
        ):
            st.rerun()


def _texts(it: Referral) -> Draft:
    draft, columns = it.draft, st.columns(2)
    texts = {
        name: columns[at % 2].text_input(
            t(word), getattr(draft, name), key=f"referral_{name}_{it.no}"
        )
        for at, (name, word) in enumerate(TEXTS.items())
    }
    facts = st.text_area(t("referral.facts"), draft.facts, key=f"referral_facts_{it.no}")
    given = st.number_input(
        t("referral.fund"), min_value=0.0, value=(draft.fund or 0) / 100,
        key=f"referral_fund_{it.no}",
    )  # fmt: skip
    fund = round(given * 100) or None
    return replace(draft, facts=facts, fund=fund, **texts)


def _answers(found: Sheet) -> tuple[Answer, ...]:
    """A field for every note that speaks against a ring."""
    held = {(one.ring, one.motif, one.name): one.text for one in found.matter.found.draft.answers}
    made = []
    for ring in found.matter.rings:
        id_ = ring.ring.ring
        for motif, name in against(ring):
            text = st.text_input(
                t("referral.answer", ring=pseudonym(id_), name=_word(name)),
                held.get((id_, motif, name), ""),
                key=f"referral_answer_{found.matter.found.no}_{id_}_{motif}_{name}",
            )
            made.append(Answer(id_, motif, name, text))
    return tuple(made)


def _word(name: str) -> str:
    return t("ring.robust.weak") if name == "weak_cells" else term("explanation", name)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _parts(line: str, least: int, most: int) -> list[str]:
    """The parts of a line; raises `ValueError` with the line where there are fewer or more."""
    parts = [part.strip() for part in line.split("=")]
    if not least <= len(parts) <= most or not all(parts):
        raise ValueError(line)
    return parts
