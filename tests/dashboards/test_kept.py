"""Saved views and notes: versions follow one another, nobody overwrites anybody, only one's own is deleted."""

import sqlite3
import threading
from datetime import datetime
from pathlib import Path

import pytest

from dashboards.canvas.contract import CanvasView
from dashboards.kept import notes, views
from dashboards.kept.errors import ChangedMeanwhile, Gone, KeptError, NameTaken, NotYours
from dashboards.reading.desk import Desk, Step, StepKind

NOON = datetime(2025, 7, 1, 12)
LATER = datetime(2025, 7, 1, 13)


def test_nothing_kept_is_no_file(tmp_path: Path) -> None:
    assert views.listed(tmp_path, "rg_1") == ()
    assert views.versions(tmp_path, 1) == ()
    assert notes.notes_on(tmp_path, "pt_1") == ()
    assert notes.numbers(tmp_path, ["pt_1"]) == {}
    assert not list(tmp_path.iterdir())


def test_a_view_comes_back_as_it_was(tmp_path: Path) -> None:
    desk = Desk("rg_1", (Step(StepKind.RING, ("rg_1",), ("pt_1", "pt_2"), 2),))
    left = CanvasView(positions={"pt_1": (1.5, -2.0)}, pins=("pt_1",), hidden=("pt_2",), zoom=1.2)
    content = {"desk": desk.to_json(), "view": left.to_json()}
    made = views.create(tmp_path, "rg_1", "第一稿", "wang", content, NOON)
    found = views.body(tmp_path, made)
    assert Desk.from_json(found["desk"]) == desk
    assert CanvasView.from_json(found["view"]) == left
    assert views.listed(tmp_path, "rg_1") == (made,)
    assert views.listed(tmp_path, "rg_2") == ()


def test_versions_follow_and_older_ones_stay(tmp_path: Path) -> None:
    first = views.create(tmp_path, "rg_1", "图", "wang", {"n": 1}, NOON)
    second = views.save(tmp_path, first, "li", {"n": 2}, LATER)
    assert (second.version, second.author, second.owner) == (2, "li", "wang")
    assert views.listed(tmp_path, "rg_1") == (second,)
    assert views.versions(tmp_path, first.id) == (second, first)
    assert [views.body(tmp_path, view) for view in (first, second)] == [{"n": 1}, {"n": 2}]


def test_a_stale_save_says_who_saved_when(tmp_path: Path) -> None:
    first = views.create(tmp_path, "rg_1", "图", "wang", {"n": 1}, NOON)
    views.save(tmp_path, first, "li", {"n": 2}, LATER)
    with pytest.raises(ChangedMeanwhile) as raised:
        views.save(tmp_path, first, "wang", {"n": 3}, LATER)
    assert (raised.value.version, raised.value.author, raised.value.at) == (2, "li", LATER)
    assert views.body(tmp_path, views.listed(tmp_path, "rg_1")[0]) == {"n": 2}


def test_of_many_at_once_one_saves(tmp_path: Path) -> None:
    first = views.create(tmp_path, "rg_1", "图", "wang", {"n": 1}, NOON)
    ready = threading.Barrier(8)
    failed: list[KeptError] = []

    def press(number: int) -> None:
        ready.wait()
        try:
            views.save(tmp_path, first, f"u{number}", {"n": number}, LATER)
        except KeptError as error:
            failed.append(error)

    people = [threading.Thread(target=press, args=(number,)) for number in range(8)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert len(failed) == 7
    assert all(isinstance(error, ChangedMeanwhile) for error in failed)
    assert [view.version for view in views.versions(tmp_path, first.id)] == [2, 1]


def test_names_are_ones_own(tmp_path: Path) -> None:
    mine = views.create(tmp_path, "rg_1", "图", "wang", {}, NOON)
    with pytest.raises(NameTaken):
        views.create(tmp_path, "rg_1", "图", "wang", {}, LATER)
    theirs = views.create(tmp_path, "rg_1", "图", "li", {}, LATER)
    assert {mine.id, theirs.id} == {view.id for view in views.listed(tmp_path, "rg_1")}
    with pytest.raises(NotYours):
        views.delete(tmp_path, theirs, "wang")
    views.delete(tmp_path, mine, "wang")
    assert views.listed(tmp_path, "rg_1") == (theirs,)
    for use in (
        lambda: views.body(tmp_path, mine),
        lambda: views.save(tmp_path, mine, "wang", {}, LATER),
    ):
        with pytest.raises(Gone):
            use()
    views.delete(tmp_path, mine, "anybody")


def test_the_file_lets_readers_in_while_one_writes(tmp_path: Path) -> None:
    first = views.create(tmp_path, "rg_1", "图", "wang", {"n": 1}, NOON)
    writer = sqlite3.connect(tmp_path / "desk.db", isolation_level=None)
    assert writer.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM views")
    assert views.listed(tmp_path, "rg_1") == (first,)
    writer.execute("ROLLBACK")
    writer.close()


def test_notes_are_read_by_all_and_deleted_by_their_author(tmp_path: Path) -> None:
    edge = "VISITED|pt_1|fa_1"
    notes.write(tmp_path, "pt_1", "rg_1", "wang", "  先查这位 <b>x</b>  ", NOON)
    notes.write(tmp_path, edge, "rg_1", "li", "核对处方", LATER)
    (note,) = notes.notes_on(tmp_path, "pt_1")
    assert (note.author, note.text, note.at, note.subject) == (
        "wang",
        "先查这位 <b>x</b>",
        NOON,
        "rg_1",
    )
    assert notes.numbers(tmp_path, ["pt_1", edge, "pt_2"]) == {"pt_1": 1, edge: 1}
    with pytest.raises(NotYours):
        notes.delete(tmp_path, note.id, "li")
    notes.delete(tmp_path, note.id, "wang")
    assert notes.notes_on(tmp_path, "pt_1") == ()


@pytest.mark.parametrize("text", ["", "   ", "字" * 2001])
def test_a_note_says_something_of_sensible_length(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match="between 1 and 2000"):
        notes.write(tmp_path, "pt_1", "", "wang", text, NOON)
    assert notes.numbers(tmp_path, ["pt_1"]) == {}
