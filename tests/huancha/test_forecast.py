"""How far a job is and how long it may take, from earlier work of like size."""

from datetime import datetime, timedelta

import pytest

from graph.results import Run, Stage
from huancha.jobs.forecast import Earlier, earlier_load, earlier_scan, forecast
from huancha.jobs.job import Job, Kind, State, Step

NOW = datetime(2026, 3, 2, 9, 30)
STAGES = (Stage("attendance", 10, 1), Stage("covisit", 60, 1), Stage("rank", 30, 1))


def run(snapshot: str, seconds: float = 50.0, **parameters: int) -> Run:
    return Run(snapshot, snapshot, NOW, 1, parameters, seconds=seconds, stages=STAGES)


def job(kind: Kind, *steps: Step, done: int = 0, total: int = 0, result: str | None = None) -> Job:
    state = State.DONE if result else State.RUNNING
    return Job(1, kind, {}, "", NOW, state, steps=steps, done=done, total=total, result=result)


def test_the_scan_nearest_in_size_tells_and_is_scaled() -> None:
    visits = {"small": 1_000, "like": 10_000, "huge": 10_000_000}
    found = earlier_scan([run("huge"), run("small"), run("like")], visits, 20_000, 0)
    assert found.stages == {"attendance": 20, "covisit": 120, "rank": 60}
    assert found.lanes == pytest.approx(0.5)
    assert earlier_scan([run("huge")], visits, 1_000, 0) == Earlier()
    assert earlier_scan([run("gone")], {"gone": 0}, 1_000, 0) == Earlier()


def test_decoys_cost_about_as_much_as_the_search_each() -> None:
    found = earlier_scan([run("like")], {"like": 10_000}, 10_000, 3)
    assert found.stages["decoys"] == 180


def test_share_and_time_left_of_a_running_scan() -> None:
    earlier = earlier_scan([run("like")], {"like": 10_000}, 10_000, 0)
    half = (Step("attendance", NOW, 12.0), Step("covisit", NOW))
    at = forecast(job(Kind.SCAN, *half), earlier, NOW + timedelta(seconds=60))
    assert at.share == pytest.approx(0.4)
    assert at.left == pytest.approx(30)
    late = forecast(job(Kind.SCAN, *half), earlier, NOW + timedelta(hours=2))
    assert late.share == pytest.approx(0.67)
    over = [Step(stage.name, NOW, 1.0) for stage in STAGES]
    assert forecast(job(Kind.SCAN, *over), earlier, NOW).left == 0


def test_without_earlier_work_the_stages_are_counted() -> None:
    at = forecast(job(Kind.SCAN, done=6, total=24), Earlier(), NOW)
    assert (at.share, at.left) == (0.25, None)
    assert forecast(job(Kind.SCAN), Earlier(), NOW).share == 0


def test_a_load_goes_by_its_bytes() -> None:
    reading = job(Kind.LOAD, Step("read", NOW), done=50, total=100)
    first = forecast(reading, earlier_load([], 100), NOW)
    assert (first.share, first.left) == (pytest.approx(0.25), None)
    steps = (Step("read", NOW, 8.0), Step("tables", NOW, 2.0))
    before = job(Kind.LOAD, *steps, done=200, total=200, result="t1")
    again = forecast(reading, earlier_load([before], 100), NOW)
    assert again.share == pytest.approx(0.4)
    assert again.left == pytest.approx(3.0)
