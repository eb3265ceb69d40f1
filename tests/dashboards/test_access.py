"""Every page and every write action in every role: opened or refused as the two tables say, on the server."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from casework.audit import entries, verify
from casework.errors import CaseworkError
from casework.people import Actor, Role
from dashboards.access.errors import NotAllowed
from dashboards.access.permissions import ACTIONS, Action
from dashboards.access.recorded import exported
from dashboards.access.sign_in import ROLE
from dashboards.kept import notes, views
from dashboards.pages import PAGES, PageEntry
from graph.results import latest_scan
from huancha.jobs.job import Kind
from huancha.jobs.table import JobTable
from huancha.workspace import open_workspace
from tests.dashboards.test_pages import HOME, open_page, said, tables
from tests.dashboards.worlds import scanned_world
from tests.engine import built_canvas

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:streamlit.*", "ignore::ResourceWarning:streamlit.*"
)
WHEN = datetime(2026, 3, 5, 9, 0)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    built_canvas()
    yield scanned_world(tmp_path_factory.mktemp("access"))
    st.cache_data.clear()


@pytest.fixture(scope="module")
def app_as() -> Callable[[Role], AppTest]:
    """One tab per role, which all pages are opened in."""

    @cache
    def made(role: Role) -> AppTest:
        app = AppTest.from_file(str(HOME / "app.py"), default_timeout=60)
        app.session_state[ROLE] = role
        return app.run()

    return made


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
@pytest.mark.parametrize("role", Role)
def test_every_page_in_every_role_opens_or_refuses(
    monkeypatch: pytest.MonkeyPatch,
    workspace: Path,
    app_as: Callable[[Role], AppTest],
    role: Role,
    page: PageEntry,
) -> None:
    monkeypatch.setenv("HUANCHA_WORKSPACE", str(workspace))
    app = app_as(role).switch_page(str(HOME / "views" / f"{page.name}.py")).run()
    assert not app.exception
    assert not app.error
    assert len(app.title) == 1
    refused = "您的角色不能打开本页" in said(app)
    assert refused == (role not in page.roles)
    assert not (refused and tables(app))


def test_a_page_one_may_not_open_gives_nothing_for_its_address(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    ring = latest_scan(workspace).rings().items[0]
    monkeypatch.setenv("HUANCHA_WORKSPACE", str(workspace))
    app = AppTest.from_file(str(HOME / "app.py"), default_timeout=60)
    app.session_state[ROLE] = Role.ADMIN
    app.query_params["ring"] = ring.ring
    app.query_params["role"] = "investigator"
    app.run().switch_page(str(HOME / "views" / "ring.py"))
    app.query_params["ring"] = ring.ring
    app.run()
    assert "您的角色不能打开本页" in said(app)
    assert ring.ring[-6:] not in said(app)


def asks(workspace: str, kind: str, seed: str) -> None:
    from pathlib import Path

    from dashboards.blocks.job_live import ask
    from huancha.jobs.job import Kind

    ask(Path(workspace), Kind(kind), {"seed": int(seed)})


def cancels(workspace: str, no: str) -> None:
    from pathlib import Path

    from dashboards.blocks.job_live import _cancel

    _cancel(Path(workspace), int(no))


def must(action: str) -> None:
    import streamlit as st

    from dashboards.access.permissions import Action
    from dashboards.person import must

    st.text(must(Action(action)).name)


def called(role: Role, what: Callable[..., None], *given: str) -> AppTest:
    """`what` called straight, by a tab whose role is `role`."""
    app = AppTest.from_function(what, args=given, default_timeout=60)
    app.session_state[ROLE] = role
    return app.run()


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", Role)
def test_every_action_in_every_role_is_done_or_refused(role: Role, action: Action) -> None:
    app = called(role, must, action)
    assert not app.exception
    done = [text.value for text in app.text]
    if role in ACTIONS[action]:
        assert done == [f"demo-{role}"]
        assert not app.error
    else:
        assert not done
        assert "没有做任何更改" in app.error[0].value


@pytest.mark.parametrize("kind", Kind)
def test_jobs_are_asked_for_and_cancelled_by_those_who_may(tmp_path: Path, kind: Kind) -> None:
    table = JobTable(tmp_path)
    for seed, role in enumerate(Role):
        called(role, asks, str(tmp_path), kind, str(seed))
    asked = {job.asked_by for job in table.jobs()}
    assert asked == {f"demo-{role}" for role in ACTIONS[Action(kind)]}
    for job in table.jobs()[1:]:
        table.cancel(job.no, WHEN)
    no = str(table.open()[0].no)
    for role in (Role.VIEWER, Role.AUDITOR, Role.APPROVER, Role.LIAISON):
        assert called(role, cancels, str(tmp_path), no).error
    assert table.open()
    assert not called(Role.ADMIN, cancels, str(tmp_path), no).error
    assert not table.open()
    with open_workspace(tmp_path).casework() as store:
        told = [(entry.action, entry.subject, entry.actor) for entry in entries(store).entries]
        assert ("cancel", kind, "demo-admin") in told
        assert {actor for action, _, actor in told if action == "ask"} == asked
        assert verify(store) is None


def test_a_button_drawn_before_the_role_was_lost_does_nothing(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    JobTable(workspace).cancel(JobTable(workspace).ask(Kind.SCAN, {}, by="x", now=WHEN).no, WHEN)
    app = open_page(monkeypatch, workspace, "scans", "zh")
    app.session_state["huancha_scans_chosen"] = "job-1"
    app.run()
    again = app.button(key="scan_again")
    before = len(JobTable(workspace).jobs())
    app.session_state[ROLE] = Role.VIEWER
    again.click().run()
    assert not app.exception
    assert len(JobTable(workspace).jobs()) == before
    assert "没有做任何更改" in app.error[0].value


def test_notes_and_views_are_refused_where_they_are_written(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    ring = latest_scan(workspace).rings().items[0].ring
    app = open_page(monkeypatch, workspace, "workbench", "zh", ring=ring)
    member = latest_scan(workspace).members(ring)[0].id
    app.session_state["huancha_desk_chosen"] = (member,)
    app.run()
    app.text_area(key="desk_note_text").input("查过原始处方")
    next(button for button in app.button if button.label == "保存备注").click()
    app.session_state[ROLE] = Role.VIEWER
    app.run()
    assert not notes.notes_on(workspace, member)
    assert not [button for button in app.button if button.label == "保存备注"]
    assert not [button for button in app.button if str(button.key).startswith("desk_saved")]
    assert not views.listed(workspace, ring)


@pytest.mark.parametrize("role", Role)
def test_taking_along_is_refused_or_audited_when_the_file_is_made(
    tmp_path: Path, role: Role
) -> None:
    made: list[int] = []
    who = Actor("wang", frozenset({role}))
    take = exported(tmp_path, who, "rg_1", "rings.csv", lambda: made.append(1))
    if role not in ACTIONS[Action.EXPORT]:
        with pytest.raises(NotAllowed):
            take()
        assert not made
        return
    take()
    with open_workspace(tmp_path).casework() as store:
        (entry,) = entries(store).entries
    assert (entry.actor, entry.action, entry.subject, entry.why) == (
        "wang",
        "export",
        "rg_1",
        "rings.csv",
    )
    assert made == [1]


def test_nothing_is_taken_along_that_cannot_be_audited(tmp_path: Path) -> None:
    (tmp_path / "casework.db").mkdir()
    made: list[int] = []
    who = Actor("wang", frozenset({Role.INVESTIGATOR}))
    with pytest.raises(CaseworkError):
        exported(tmp_path, who, "rg_1", "rings.csv", lambda: made.append(1))()
    assert not made


@pytest.mark.parametrize("role", [Role.VIEWER, Role.INVESTIGATOR])
def test_who_may_not_export_is_offered_no_file_and_no_picture(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, role: Role
) -> None:
    monkeypatch.setenv("HUANCHA_WORKSPACE", str(workspace))
    app = AppTest.from_file(str(HOME / "app.py"), default_timeout=60)
    app.session_state[ROLE] = role
    app.switch_page(str(HOME / "views" / "ring.py")).run()
    told = [json.loads(element.proto.json) for element in app.get("bidi_component")]
    (canvas,) = (one for one in told if "nodes" in one)
    may = role in ACTIONS[Action.EXPORT]
    assert canvas["may_export"] == may
    assert bool(app.get("download_button")) == may


def test_a_look_at_a_ring_is_audited_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    workspace = scanned_world(tmp_path)
    app = open_page(monkeypatch, workspace, "ring", "zh")
    app.run()
    with open_workspace(workspace).casework() as store:
        (entry,) = entries(store, action="open").entries
    assert entry.subject == latest_scan(workspace).rings().items[0].ring
    assert (entry.actor, entry.why) == ("demo-investigator", "ring")


def test_what_cannot_be_audited_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    workspace = scanned_world(tmp_path)
    (workspace / "casework.db").mkdir()
    app = open_page(monkeypatch, workspace, "ring", "zh")
    assert not app.exception
    assert "留痕写不进去" in app.error[0].value
    assert not tables(app)
