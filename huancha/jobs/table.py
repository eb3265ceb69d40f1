"""The job table: `jobs.db` in the workspace, SQLite in WAL mode, so that screens read while the worker writes."""

import json
import os
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from graph.sqlite import Database
from huancha.jobs.job import Fault, Job, Kind, Progress, State, Step

FILE = "jobs.db"
PATIENCE = 15.0
"""Seconds to wait for another writer."""
FRESH = timedelta(seconds=5)
"""A heartbeat this young is believed without asking whether its process lives."""
STALE = timedelta(minutes=10)
"""A heartbeat this old is a process that does nothing any more, even if its number is in use."""

_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL, parameters TEXT NOT NULL, asked_by TEXT NOT NULL, asked TEXT NOT NULL,
  state TEXT NOT NULL, again INTEGER, steps TEXT NOT NULL DEFAULT '[]',
  done INTEGER NOT NULL DEFAULT 0, total INTEGER NOT NULL DEFAULT 0,
  started TEXT, ended TEXT, heartbeat TEXT, pid INTEGER,
  fault TEXT, result TEXT, outcome TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE TABLE IF NOT EXISTS worker (
  one INTEGER PRIMARY KEY CHECK (one = 1), pid INTEGER NOT NULL, heartbeat TEXT NOT NULL
) STRICT;
"""
_OPEN = "state IN ('queued', 'running', 'cancelling')"
_LIVE = "state IN ('running', 'cancelling')"


@dataclass(frozen=True)
class JobTable:
    """The jobs of one workspace. Reading makes no file; each call opens and closes its connection."""

    workspace: Path

    def ask(
        self,
        kind: Kind,
        parameters: Mapping[str, Any],
        *,
        by: str,
        now: datetime,
        again: int | None = None,
    ) -> Job:
        """Put a job at the end of the queue; the same one already waiting or running is given back instead."""
        text = _json(dict(parameters))
        with self._database.writing() as con:
            same = con.execute(
                f"SELECT no FROM jobs WHERE kind = ? AND parameters = ? AND {_OPEN}", (kind, text)
            ).fetchone()
            if same is None:
                same = con.execute(
                    "INSERT INTO jobs (kind, parameters, asked_by, asked, state, again)"
                    " VALUES (?, ?, ?, ?, 'queued', ?) RETURNING no",
                    (kind, text, by, _iso(now), again),
                ).fetchone()
        found = self.job(int(same[0]))
        assert found is not None
        return found

    def job(self, no: int) -> Job | None:
        """One job, or None."""
        found = self._read("WHERE no = ?", no)
        return found[0] if found else None

    def jobs(self, kind: Kind | None = None, most: int = -1) -> tuple[Job, ...]:
        """Jobs, the newest first; at most `most` of them unless that is negative."""
        where = "" if kind is None else f"WHERE kind = '{kind}'"
        return self._read(f"{where} ORDER BY no DESC LIMIT ?", most)

    def tally(self) -> tuple[int, int]:
        """How many jobs there are, and how many of them are over."""
        with self._database.reading() as con:
            if con is None:
                return 0, 0
            row = con.execute(
                f"SELECT count(*), count(*) FILTER (WHERE NOT ({_OPEN})) FROM jobs"
            ).fetchone()
        return int(row[0]), int(row[1])

    def open(self) -> tuple[Job, ...]:
        """The jobs at work or waiting, in the order they will be done."""
        return self._read(f"WHERE {_OPEN} ORDER BY state = 'queued', no")

    def cancel(self, no: int, now: datetime) -> None:
        """A waiting job is cancelled at once, a running one as soon as its stage is over."""
        with self._database.writing() as con:
            con.execute(
                "UPDATE jobs SET state = 'cancelled', ended = ? WHERE no = ? AND state = 'queued'",
                (_iso(now), no),
            )
            con.execute(
                "UPDATE jobs SET state = 'cancelling' WHERE no = ? AND state = 'running'", (no,)
            )

    def take(self, pid: int, now: datetime) -> Job | None:
        """Begin the job that waits longest; None when none waits or one is at work."""
        with self._database.writing() as con:
            row = con.execute(
                "UPDATE jobs SET state = 'running', started = ?, heartbeat = ?, pid = ?"
                " WHERE no = (SELECT min(no) FROM jobs WHERE state = 'queued')"
                f" AND NOT EXISTS (SELECT 1 FROM jobs WHERE {_LIVE}) RETURNING no",
                (_iso(now, "seconds"), _iso(now), pid),
            ).fetchone()
        return None if row is None else self.job(int(row[0]))

    def beat(self, pid: int, now: datetime) -> None:
        """The worker `pid` lives, and so does what it works at."""
        with self._database.writing() as con:
            con.execute("INSERT OR REPLACE INTO worker VALUES (1, ?, ?)", (pid, _iso(now)))
            con.execute(
                f"UPDATE jobs SET heartbeat = ? WHERE pid = ? AND {_LIVE}", (_iso(now), pid)
            )

    def leave(self, pid: int) -> None:
        """The worker `pid` ends in good order."""
        with self._database.writing() as con:
            con.execute("DELETE FROM worker WHERE pid = ?", (pid,))

    def progress(self, no: int, now_at: Progress) -> bool:
        """Record how far job `no` is; False when it was asked to stop."""
        with self._database.writing() as con:
            con.execute(
                "UPDATE jobs SET steps = ?, done = ?, total = ? WHERE no = ?",
                (_steps_json(now_at.steps), now_at.done, now_at.total, no),
            )
            row = con.execute("SELECT state FROM jobs WHERE no = ?", (no,)).fetchone()
        return row is not None and row[0] == State.RUNNING

    def finish(
        self,
        no: int,
        state: State,
        now: datetime,
        *,
        fault: Fault | None = None,
        result: str | None = None,
        outcome: Mapping[str, Any] | None = None,
    ) -> None:
        """End job `no`; what was published counts even where it was given up meanwhile."""
        with self._database.writing() as con:
            con.execute(
                "UPDATE jobs SET state = ?, ended = ?, fault = ?, result = ?, outcome = ?"
                " WHERE no = ? AND state != 'done'",
                (
                    state, _iso(now), None if fault is None else _json(vars(fault)), result,
                    _json(dict(outcome or {})), no,
                ),
            )  # fmt: skip

    def forsaken(self, now: datetime) -> tuple[Job, ...]:
        """Jobs at work whose worker is gone."""
        return tuple(job for job in self._read(f"WHERE {_LIVE}") if _gone(job, now))

    def attended(self, now: datetime) -> bool:
        """Whether a worker takes jobs."""
        with self._database.reading() as con:
            if con is None:
                return False
            row = con.execute("SELECT pid, heartbeat FROM worker").fetchone()
        if row is None:
            return False
        heard = now - datetime.fromisoformat(row[1])
        return heard < FRESH or (heard < STALE and _lives(int(row[0])))

    @property
    def _database(self) -> Database:
        return Database(self.workspace / FILE, _SCHEMA, _VERSION, PATIENCE)

    def _read(self, rest: str, *values: object) -> tuple[Job, ...]:
        with self._database.reading() as con:
            if con is None:
                return ()
            con.row_factory = sqlite3.Row
            return tuple(_job(row) for row in con.execute(f"SELECT * FROM jobs {rest}", values))


def _gone(job: Job, now: datetime) -> bool:
    heard = now - (job.heartbeat or job.asked)
    return heard > STALE or (heard > FRESH and not (job.pid and _lives(job.pid)))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _iso(moment: datetime, unit: str = "milliseconds") -> str:
    return moment.isoformat(timespec=unit)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _steps_json(steps: tuple[Step, ...]) -> str:
    return json.dumps([[step.name, _iso(step.began), step.seconds] for step in steps])


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _job(row: sqlite3.Row) -> Job:
    steps = (
        Step(name, datetime.fromisoformat(began), took)
        for name, began, took in json.loads(row["steps"])
    )
    return Job(
        no=row["no"],
        kind=Kind(row["kind"]),
        parameters=json.loads(row["parameters"]),
        asked_by=row["asked_by"],
        asked=datetime.fromisoformat(row["asked"]),
        state=State(row["state"]),
        again=row["again"],
        steps=tuple(steps),
        done=row["done"],
        total=row["total"],
        started=_time(row["started"]),
        ended=_time(row["ended"]),
        heartbeat=_time(row["heartbeat"]),
        pid=row["pid"],
        fault=None if row["fault"] is None else Fault(**json.loads(row["fault"])),
        result=row["result"],
        outcome=json.loads(row["outcome"]),
    )
