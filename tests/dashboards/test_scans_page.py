"""扫描任务 and the loads of 数据接入: asked, watched, cancelled, seen again, compared."""

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import dashboards
from casework.beijing import beijing_now
from dashboards.blocks.job_words import fault_sentence
from dashboards.blocks.scan_form import UNITS, power
from dashboards.texts import TEXTS
from graph.results import latest_scan
from huancha.jobs.bounds import BOUNDS
from huancha.jobs.errors import WORKER_GONE
from huancha.jobs.job import Fault, Job, Kind, Progress, State, Step
from huancha.jobs.table import JobTable
from tests.dashboards.worlds import long_scan, reported_world, scanned_world

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:streamlit.*", "ignore::ResourceWarning:streamlit.*"
)

HOME = Path(dashboards.__file__).parent


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    made = scanned_world(tmp_path)
    monkeypatch.setenv("HUANCHA_WORKSPACE", str(made))
    yield made
    st.cache_data.clear()


def page(name: str, language: str = "zh", **asked: str) -> AppTest:
    app = AppTest.from_file(str(HOME / "app.py"), default_timeout=60)
    app.session_state["huancha_language"] = language
    app.switch_page(str(HOME / "views" / f"{name}.py"))
    for key, value in asked.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def tables(app: AppTest) -> dict[str, dict[str, Any]]:
    found = (json.loads(element.proto.json) for element in app.get("bidi_component"))
    return {table["caption"]: table for table in found if "caption" in table}


def cells(table: dict[str, Any], column: int) -> list[str]:
    picked = (row["cells"][column] for row in table["rows"])
    return [cell if isinstance(cell, str) else cell["text"] for cell in picked]


def tags(table: dict[str, Any], column: int = 0) -> list[str]:
    return [row["cells"][column]["tags"][0]["text"] for row in table["rows"]]


def said(app: AppTest) -> str:
    kinds = (app.title, app.subheader, app.caption, app.markdown, app.text, app.warning, app.code)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def button(app: AppTest, label: str) -> Any:
    return next(one for one in app.button if one.label == label)


def ended(workspace: Path, state: State, fault: Fault | None = None, **outcome: Any) -> Job:
    """A job that was taken and ended."""
    table, now = JobTable(workspace), beijing_now()
    job = table.ask(Kind.SCAN, {"seed": 4, "parameters": {"window": 45}}, by="王", now=now)
    table.take(os.getpid(), now)
    table.finish(job.no, state, now + timedelta(seconds=5), fault=fault, outcome=outcome)
    return job


def test_every_threshold_has_words_and_a_unit() -> None:
    assert set(UNITS) == set(BOUNDS)
    wanted = {f"parameter.{name}" for name in BOUNDS} | {f"parameter.{n}.means" for n in BOUNDS}
    wanted |= {f"parameter_unit.{unit}" for unit in UNITS.values()}
    assert wanted <= set(TEXTS)
    assert {f"job_state.{state}" for state in State} <= set(TEXTS)
    assert (power(1e-4), power(1.0), power(3e-5)) == ("10⁻⁴", "10⁰", "3×10⁻⁵")


def test_a_scan_is_asked_for_with_what_was_changed_alone(workspace: Path) -> None:
    app = page("scans")
    assert "当前没有任务" in said(app)
    assert "huancha work" in said(app)
    app.number_input(key="scan_seed").set_value(7)
    app.number_input(key="scan_window").set_value(45)
    app.selectbox(key="scan_pair_p").set_value(1e-6)
    button(app, "开始扫描").click().run()
    assert not app.exception
    (job,) = JobTable(workspace).jobs()
    assert job.state is State.QUEUED
    assert job.parameters == {"seed": 7, "parameters": {"window": 45, "pair_p": 1e-6}}
    assert "扫描 1 号" in said(app)
    assert "排队中" in said(app)


def test_another_screen_sees_the_job_and_may_cancel_it(workspace: Path) -> None:
    one, other = page("scans"), page("scans", "en")
    button(one, "开始扫描").click().run()
    other.run()
    assert "Scan no\\. 1" in said(other)
    button(other, "Cancel").click().run()
    assert JobTable(workspace).jobs()[0].state is State.CANCELLED
    one.run()
    assert "当前没有任务" in said(one)
    assert tags(tables(one)["历史"], 1) == ["已取消", "已完成"]


def test_a_running_scan_shows_stage_share_and_time_left(workspace: Path) -> None:
    table, now = JobTable(workspace), beijing_now()
    job = table.ask(Kind.SCAN, {"seed": 1, "parameters": {}}, by="", now=now)
    table.take(os.getpid(), now)
    table.beat(os.getpid(), now)
    stages = latest_scan(workspace).run.stages
    steps = (*(Step(one.name, now, one.seconds) for one in stages[:-1]), Step("evidence", now))
    table.progress(job.no, Progress(steps, len(stages) - 1, len(stages)))
    app = page("scans")
    text = app.get("progress")[0].proto.text
    assert "正在整理证据" in text
    assert f"已完成 {len(stages) - 1} / {len(stages)} 个阶段" in text
    assert "约剩" in text
    assert app.get("progress")[0].proto.value >= 50
    assert "huancha work" not in said(app)
    button(app, "取消").click().run()
    assert JobTable(workspace).job(job.no).state is State.CANCELLING  # type: ignore[union-attr]
    assert button(app, "取消").disabled


def test_history_tells_what_was_changed_and_repeats_it(workspace: Path) -> None:
    failed = ended(workspace, State.FAILED, WORKER_GONE)
    app = page("scans")
    shown = tables(app)["历史"]
    assert tags(shown, 1) == ["未完成", "已完成"]
    assert "同时就诊时间窗（分钟） 45" in cells(shown, 6)[0]
    assert "10" in cells(shown, 6)[1]
    assert cells(shown, 8) == ["王", "命令行"]
    app.session_state["huancha_scans_chosen"] = f"job-{failed.no}"
    app.run()
    assert "后台工作进程中断" in said(app)
    button(app, "再次运行").click().run()
    again = JobTable(workspace).jobs()[0]
    assert (again.again, again.parameters) == (failed.no, failed.parameters)
    app.session_state["huancha_scans_chosen"] = latest_scan(workspace).id
    app.run()
    assert "条线索：新出现" in said(app)
    assert "最新扫描" in tables(app)


@pytest.mark.parametrize("code", ["no_memory", "UnreadableFile", "never_heard_of"])
def test_a_fault_is_a_sentence_whatever_its_facts(code: str) -> None:
    assert len(fault_sentence(Fault(code, "said"))) > 10


def test_two_scans_are_compared_with_links_to_both(workspace: Path) -> None:
    long_scan(workspace, 4)
    app = page("scans")
    found = tables(app)
    assert sum(int(n) for n in cells(found["变化合计"], 1)) == len(found["逐条对照"]["rows"])
    hrefs = {
        cell["href"].partition("&lang")[0]
        for row in found["逐条对照"]["rows"]
        for cell in row["cells"][1:3]
        if not isinstance(cell, str)
    }
    assert any("scan=s0003" in href for href in hrefs)
    older = next(href for href in hrefs if "scan=s0003" not in href)
    asked = dict(part.split("=") for part in older.removeprefix("ring?").split("&"))
    state = tags(found["逐条对照"])[0]
    app.multiselect(key="compare_states").select(app.multiselect(key="compare_states").options[0])
    app.run()
    assert set(tags(tables(app)["逐条对照"])) == {state} or len(tags(tables(app)["逐条对照"])) >= 1
    ring = page("ring", **asked)
    assert ring.title[0].value == f"线索 {asked['ring'][-6:]}"
    assert asked["scan"] in ring.info[0].value


def test_a_load_is_asked_for_from_an_allowed_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = tmp_path / "empty"
    exports = tmp_path / "exports" / "2025"
    exports.mkdir(parents=True)
    (exports / "setl_d.csv").write_text("x", "utf-8")
    monkeypatch.setenv("HUANCHA_WORKSPACE", str(workspace))
    assert "HUANCHA_LOAD_ROOTS" in said(page("intake"))
    assert not workspace.exists()
    monkeypatch.setenv("HUANCHA_LOAD_ROOTS", str(tmp_path / "exports"))
    app = page("intake")
    app.selectbox(key="load_folder_chosen").set_value(exports)
    app.checkbox(key="load_dry_folder").check()
    button(app, "开始载入").click().run()
    (job,) = JobTable(workspace).jobs()
    assert (job.kind, job.parameters) == (Kind.LOAD, {"folder": str(exports), "dry_run": True})


def test_files_are_sent_up_and_the_outcome_is_told(workspace: Path) -> None:
    app = page("intake")
    app.file_uploader(key="load_files_chosen").upload("setl_d.csv", b"setl_id", "text/csv")
    app.button(key="load_files_start").click().run()
    assert not app.exception
    table = JobTable(workspace)
    (job,) = table.jobs()
    folder = Path(job.parameters["folder"])
    assert (folder / "setl_d.csv").read_bytes() == b"setl_id"
    assert folder.parent == workspace / "uploads"
    table.take(os.getpid(), beijing_now())
    fates = {"read": 5, "kept": 4, "superseded": 0, "quarantined": 1}
    outcome = {
        "tables": {"setl_d": fates},
        "reasons": {"fields": 1},
        "load": "t9",
        "dry_run": False,
    }
    table.finish(job.no, State.DONE, beijing_now(), result="t9", outcome=outcome)
    app.run()
    assert "已发布快照 t9" in said(app)
    assert cells(tables(app)["隔离原因"], 1)[0] in ("1", "20")


def test_before_the_first_load_the_page_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUANCHA_WORKSPACE", str(reported_world(tmp_path)))
    app = page("scans")
    assert "还没有扫描过" in said(app)
    assert "至少要有两次" in said(app)
