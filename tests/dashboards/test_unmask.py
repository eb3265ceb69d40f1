"""What is masked is shown by right, for a reason, one value at a time, with an audit entry, for a short time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from casework.audit import entries
from casework.beijing import beijing_now
from casework.errors import CaseworkError
from casework.people import Actor, Role
from dashboards.access.errors import (
    AccessError,
    NotAllowed,
    NoUnmaskReason,
    OutsideRegions,
    TooManyUnmasked,
)
from dashboards.access.permissions import ACTIONS, Action
from dashboards.access.sign_in import REGION, ROLE
from dashboards.access.unmasked import unmask
from dashboards.blocks.unmasking import MASK, SHOWN
from dashboards.opened import Key
from graph.snapshot import current_snapshot
from huancha.identities import vault_fields
from huancha.workspace import open_workspace
from tests.dashboards.test_pages import HOME, open_page, said
from tests.dashboards.worlds import scanned_world, sealed

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:streamlit.*", "ignore::ResourceWarning:streamlit.*"
)
NOON = datetime(2026, 3, 5, 12)
MOST = 3
WHY = "核对处方原件"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    made = scanned_world(tmp_path_factory.mktemp("unmask"))
    sealed(made)
    yield made
    st.cache_data.clear()


@pytest.fixture(autouse=True)
def nothing_audited(workspace: Path) -> Iterator[None]:
    yield
    for file in workspace.glob("casework.db*"):
        file.rmdir() if file.is_dir() else file.unlink()


@pytest.fixture(scope="module")
def patient(workspace: Path) -> str:
    with current_snapshot(workspace).connect() as con:
        (row,) = con.execute(
            "SELECT id FROM patients WHERE insu_admdvs LIKE '11%' ORDER BY id LIMIT 1"
        ).fetchall()
    return str(row[0])


def asked(
    workspace: Path, patient: str, role: Role = Role.INVESTIGATOR, *, field: str = "name",
    why: str = WHY, region: str = "", at: datetime = NOON, name: str = "wang",
) -> str | None:  # fmt: skip
    regions = (region,) if region else ()
    key = Key(str(workspace), current_snapshot(workspace).id, "", regions)
    who = Actor(name, frozenset({role}), frozenset(regions))
    return unmask(open_workspace(workspace), key, who, patient, field, why, at, MOST)


def audited(workspace: Path) -> list[tuple[str, str, str, object]]:
    with open_workspace(workspace).casework() as store:
        found = entries(store, action="unmask").entries
    return [(entry.actor, entry.subject, entry.why, entry.facts["field"]) for entry in found]


@pytest.mark.parametrize("role", Role)
def test_only_those_with_the_right_see_a_value_and_it_is_audited(
    workspace: Path, patient: str, role: Role
) -> None:
    if role not in ACTIONS[Action.UNMASK]:
        with pytest.raises(NotAllowed):
            asked(workspace, patient, role)
        assert not audited(workspace)
        return
    assert asked(workspace, patient, role) == f"张{patient}"
    assert audited(workspace) == [("wang", patient, WHY, "name")]


def test_every_field_of_the_vault_can_be_asked_for(workspace: Path, patient: str) -> None:
    found = {
        field: open_workspace(workspace).in_clear(patient, field) for field in vault_fields(patient)
    }
    assert found["certno"] is not None
    assert found["certno"].startswith("11010119800101")
    assert found["addr"] == "某路"
    assert found["bankacct"] is None
    assert vault_fields("rg_x") == ()


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"why": "  看  "}, NoUnmaskReason),
        ({"why": ""}, NoUnmaskReason),
        ({"region": "310000"}, OutsideRegions),
    ],
)
def test_without_reason_or_from_elsewhere_there_is_no_value_and_no_entry(
    workspace: Path, patient: str, given: dict[str, str], error: type[AccessError]
) -> None:
    with pytest.raises(error):
        asked(workspace, patient, why=given.get("why", WHY), region=given.get("region", ""))
    assert not audited(workspace)


def test_one_person_sees_so_many_values_a_day(workspace: Path, patient: str) -> None:
    for field in ("name", "certno", "tel"):
        assert asked(workspace, patient, field=field)
    with pytest.raises(TooManyUnmasked):
        asked(workspace, patient, at=NOON + timedelta(hours=11))
    assert asked(workspace, patient, name="li")
    assert asked(workspace, patient, at=NOON + timedelta(days=1))
    assert len(audited(workspace)) == 5


def test_no_entry_no_value(workspace: Path, patient: str) -> None:
    (workspace / "casework.db").mkdir()
    with pytest.raises(CaseworkError):
        asked(workspace, patient)


def page_of(monkeypatch: pytest.MonkeyPatch, workspace: Path, patient: str, why: str) -> AppTest:
    """The profile after its name was asked for with that reason."""
    app = open_page(monkeypatch, workspace, "profile", "zh", entity=patient)
    assert not app.exception
    assert [text.value for text in app.text].count(MASK) == len(vault_fields(patient))
    app.button(key="unmask_name").click().run()
    app.text_input(key="unmask_why").input(why)
    return app.button(key="unmask_now").click().run()


def everywhere(app: AppTest) -> str:
    return said(app) + "".join(element.proto.json for element in app.get("bidi_component"))


def test_the_page_shows_one_value_and_hides_it_again(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, patient: str
) -> None:
    app = page_of(monkeypatch, workspace, patient, WHY)
    app.run()
    shown = [text.value for text in app.text]
    assert f"张{patient}" in shown
    assert shown.count(MASK) == len(vault_fields(patient)) - 1
    assert audited(workspace) == [("demo-investigator", patient, WHY, "name")]
    entity, held = app.session_state[SHOWN]
    assert timedelta(0) < held["name"].until - beijing_now() <= timedelta(seconds=60)
    over = replace(held["name"], until=beijing_now() - timedelta(seconds=1))
    app.session_state[SHOWN] = (entity, {"name": over})
    app.run()
    assert f"张{patient}" not in everywhere(app)
    assert app.session_state[SHOWN] == (entity, {})


def test_what_was_shown_is_hidden_on_leaving_and_is_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, patient: str
) -> None:
    app = page_of(monkeypatch, workspace, patient, WHY).run()
    assert f"张{patient}" in everywhere(app)
    app.switch_page(str(HOME / "views" / "workbench.py"))
    app.query_params["entity"] = patient
    app.run()
    assert patient in everywhere(app)
    assert f"张{patient}" not in everywhere(app)
    app.switch_page(str(HOME / "views" / "profile.py"))
    app.query_params["entity"] = patient
    app.run()
    assert f"张{patient}" not in everywhere(app)
    other = open_page(monkeypatch, workspace, "profile", "zh", entity=patient)
    assert f"张{patient}" not in everywhere(other)


def test_the_page_says_why_it_shows_nothing(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, patient: str
) -> None:
    app = page_of(monkeypatch, workspace, patient, "看")
    assert "请写明理由" in app.error[0].value
    monkeypatch.setenv("HUANCHA_UNMASK_DAILY", "0")
    app.text_input(key="unmask_why").input(WHY)
    app.button(key="unmask_now").click().run()
    assert "由另一名有权限的人员" in app.error[0].value
    assert not audited(workspace)


def test_a_dialog_left_open_by_somebody_who_lost_the_role_shows_nothing(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, patient: str
) -> None:
    app = open_page(monkeypatch, workspace, "profile", "zh", entity=patient)
    app.button(key="unmask_name").click().run()
    app.text_input(key="unmask_why").input(WHY)
    app.session_state[ROLE] = Role.LIAISON
    app.button(key="unmask_now").click().run()
    assert f"张{patient}" not in everywhere(app)
    assert not audited(workspace)
    app.run()
    assert not [button for button in app.button if str(button.key).startswith("unmask")]


def test_a_region_elsewhere_opens_no_profile_to_unmask(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, patient: str
) -> None:
    monkeypatch.setenv("HUANCHA_WORKSPACE", str(workspace))
    app = AppTest.from_file(str(HOME / "app.py"), default_timeout=60)
    app.session_state[REGION] = "310000"
    app.switch_page(str(HOME / "views" / "profile.py"))
    app.query_params["entity"] = patient
    app.run()
    assert MASK not in said(app)
    assert not audited(workspace)
