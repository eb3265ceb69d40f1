"""The form that asks for a scan: seed, decoys and every threshold with its unit, meaning and default."""

import math
from pathlib import Path
from typing import Any

import streamlit as st

from dashboards.blocks.job_live import ask
from dashboards.formats import count, plain
from dashboards.frame import card
from dashboards.opened import Opened
from dashboards.reading.scanning import SETTLEMENTS
from dashboards.texts import t
from graph.scan.parameters import Parameters
from huancha.jobs.bounds import BOUNDS, GROUPS, MOST_SEED, Bounds, changed
from huancha.jobs.job import Kind

COLUMNS = 3
ABOVE = "decoys"
"""The threshold that stands beside the seed; all others are folded away."""
UNITS = {
    "window": "minutes", "least_covisits": "times", "many_visits": "visits", "most_visits": "visits",
    "pair_p": "chance", "schedule_p": "chance", "funnel_p": "chance", "resolution": "density",
    "least_members": "people", "most_members": "people", "household_most": "people",
    "hub_holders": "people", "least_phone_holders": "people", "least_account_holders": "people",
    "least_receipts": "receipts", "costay_days": "days", "least_costays": "times",
    "funnel_lift": "fold", "least_scripts": "scripts", "presence_gap": "minutes",
    "travel_kmh": "kmh", "travel_floor": "minutes", "least_presence": "times",
    "least_repeated_codes": "times", "death_grace_days": "days", "decoys": "rounds",
}  # fmt: skip
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def scan_form(opened: Opened) -> None:
    """Ask for a scan of the live snapshot."""
    usual = Parameters().as_json()
    with card("scan_form", t("scans.form")), st.form("scan_form", border=False):
        visits = opened.snapshot.manifest["tables"].get(SETTLEMENTS, {}).get("rows", 0)
        lead = t("scans.form.lead", snapshot=opened.snapshot.id, visits=count(visits))
        st.caption(plain(lead))
        first, second, third = st.columns(COLUMNS, vertical_alignment="bottom")
        with first:
            seed = st.number_input(
                t("parameter.seed"),
                min_value=0,
                max_value=MOST_SEED,
                value=1,
                help=t("parameter.seed.means"),
                key="scan_seed",
            )
        with second:
            given: dict[str, Any] = {ABOVE: _field(ABOVE, BOUNDS[ABOVE], usual[ABOVE])}
        with third:
            asked = st.form_submit_button(t("scans.start"), type="primary", width="stretch")
        with st.expander(t("scans.thresholds", n=len(BOUNDS) - 1)):
            for group, fields in GROUPS.items():
                st.markdown(f"**{plain(t(f'group.{group}'))}**")
                columns = st.columns(COLUMNS)
                shown = [name for name in fields if name != ABOVE]
                for number, name in enumerate(shown):
                    with columns[number % COLUMNS]:
                        given[name] = _field(name, fields[name], usual[name])
    if asked:
        _ask(opened.workspace.path, int(seed), given)


def _ask(workspace: Path, seed: int, given: dict[str, Any]) -> None:
    ask(workspace, Kind.SCAN, {"seed": seed, "parameters": changed(given)})
    st.rerun()


def parameter_label(name: str) -> str:
    """A threshold's name with its unit."""
    return t("scans.label", name=t(f"parameter.{name}"), unit=t(f"parameter_unit.{UNITS[name]}"))


def parameter_value(name: str, value: float) -> str:
    """A threshold's value as it is read: powers of ten for chances."""
    if UNITS[name] == "chance":
        return power(value)
    return count(int(value)) if float(value).is_integer() else f"{value:g}"


def power(value: float) -> str:
    """A chance as a power of ten: 10⁻⁴, 3×10⁻⁵."""
    exponent = math.floor(math.log10(value) + 1e-9)
    lead = value / 10**exponent
    times = "" if math.isclose(lead, 1, rel_tol=1e-6) else f"{lead:.2g}×"
    return f"{times}10{str(exponent).translate(RAISED)}"


def _field(name: str, bounds: Bounds, usual: float) -> float:
    said = t(
        "scans.default",
        value=parameter_value(name, usual),
        least=parameter_value(name, bounds.least),
        most=parameter_value(name, bounds.most),
    )
    help_ = f"{plain(t(f'parameter.{name}.means'))} {plain(said)}"
    if UNITS[name] == "chance":
        low, high = round(math.log10(bounds.least)), math.floor(math.log10(bounds.most))
        offered = [10.0**n for n in range(high, low - 1, -1)]
        chosen = st.selectbox(
            parameter_label(name),
            offered,
            index=offered.index(10.0 ** round(math.log10(usual))),
            format_func=power,
            help=help_,
            key=f"scan_{name}",
        )
        return usual if math.isclose(chosen, usual, rel_tol=1e-9) else chosen
    whole = isinstance(usual, int)
    kind = int if whole else float
    return st.number_input(
        parameter_label(name),
        min_value=kind(bounds.least),
        max_value=kind(bounds.most),
        value=usual,
        step=kind(bounds.step) if whole else float(bounds.step),
        help=help_,
        key=f"scan_{name}",
    )
