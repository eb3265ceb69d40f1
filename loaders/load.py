"""A folder of exports becomes the next snapshot."""

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from itertools import count
from pathlib import Path
from typing import Any

from graph.duck import connect
from graph.schema import FORMAT, TABLES
from graph.snapshot import Snapshot
from loaders.convert import close_ends, define_macros
from loaders.dedupe import supersede
from loaders.entities import key_patients, write_patients
from loaders.errors import NoExports, NoFolder, WrongKeys
from loaders.events import write_events
from loaders.intake import ExportFile, Intake, take_in
from loaders.noticed import notice
from loaders.places import key_places, write_places
from loaders.progress import Progress, Silent
from loaders.publish import live_snapshot, locked, publish, sweep
from loaders.quarantine import Reject, read_rejects, write_rejects
from loaders.refunds import net_refunds
from loaders.report import LoadReport, Skipped
from loaders.run import Origin, Run
from loaders.sealed import seal_agents, seal_registered, seal_tips
from loaders.source import TableSource, national_sources
from loaders.staff import key_staff, write_staff
from loaders.staging import Staging
from loaders.tokens import Changed, key_tokens, write_tokens
from loaders.vault import KEYS, Vault, fresh_keys, read_keys, write_keys

MEMORY = "2300MB"
"""What DuckDB may hold in memory; beyond it, it spills into the workspace."""


def load_folder(
    folder: Path,
    workspace: Path,
    *,
    now: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    sources: Mapping[str, TableSource] | None = None,
) -> LoadReport:
    """Load every table's file of `folder` and publish the next snapshot of `workspace`.

    Files already loaded (same bytes) are skipped; if nothing is new, no snapshot is made. With
    `dry_run` everything happens but the publishing. `now` is Beijing local time without zone.
    Raises `NoFolder`, `NoExports`, `UnreadableFile`, `BusyWorkspace`; then nothing has changed.
    """
    if not folder.is_dir():
        raise NoFolder(folder)
    known = sources or national_sources()
    watcher = progress or Silent()
    with locked(workspace):
        live = live_snapshot(workspace)
        sweep(workspace, live)
        intake = take_in(folder, known, workspace)
        if not intake.files:
            raise NoExports(folder)

        def stage(run: Run) -> None:
            run.report.not_tables.extend(intake.not_tables)
            fresh = _fresh(run, intake)
            total = sum(file.bytes for file in fresh)
            run.progress.begin(len(fresh), total)
            staging = Staging(run, total)
            for file in fresh:
                staging.read(file)

        return run_load(workspace, live, known, stage, now=now, dry_run=dry_run, progress=watcher)


def _fresh(run: Run, intake: Intake) -> list[ExportFile]:
    """The files of a folder that were not loaded before; the others are named in the report."""
    before = {(origin.sha256, origin.table): origin.name for origin in run.origins}
    workbooks = {origin.sha256: origin.name for origin in run.origins}
    found = []
    for file in intake.files:
        key = (file.sha256, file.table or "")
        twin = workbooks.get(file.sha256) if file.form == "excel" else before.get(key)
        if twin is None:
            before[key] = workbooks[file.sha256] = file.name
            found.append(file)
        else:
            run.report.skipped.append(Skipped(file.name, f"already loaded as {twin}"))
    return found


def run_load(
    workspace: Path,
    live: Snapshot | None,
    sources: Mapping[str, TableSource],
    stage: Callable[[Run], None],
    *,
    now: datetime,
    dry_run: bool,
    progress: Progress,
    quarantine: Callable[[Run], list[Reject]] | None = None,
) -> LoadReport:
    """One load from staging to publishing; `stage` fills the staging tables. Call under the lock.

    `quarantine` gives the rejects of the new snapshot; without it they are those of the old one and
    the new ones.
    """
    began = time.monotonic()
    kept_keys = read_keys(workspace)
    if kept_keys is None and live is not None:
        raise WrongKeys(workspace / KEYS, "it is not there")
    keys = kept_keys or fresh_keys()
    snapshot = _snapshot_id(workspace, now)
    draft = workspace / "tmp" / f"load-{snapshot}"
    for part in ("tables", "vault"):
        (draft / part).mkdir(parents=True)
    report = LoadReport(load=None, started=now, dry_run=dry_run)
    connection = connect(workspace, memory=MEMORY)
    vault = Vault(workspace / "vault" / live.id, live.id, keys) if live else None
    run = Run(
        workspace, draft, snapshot, now, connection, keys, sources, live, vault, report, progress
    )
    try:
        _prepare(run)
        stage(run)
        if run.staged:
            _convert(run)
            report.load = None if dry_run else snapshot
            report.seconds = time.monotonic() - began
            if not dry_run:
                progress.stage("publish")
                manifest = _manifest(run)
                write_rejects(draft / "quarantine", (quarantine or _rejects)(run), keys)
                if kept_keys is None:
                    write_keys(workspace, keys)
                publish(workspace, draft, snapshot, manifest)
        report.seconds = time.monotonic() - began
    finally:
        connection.close()
        shutil.rmtree(draft, ignore_errors=True)
        progress.end()
    return report


def _snapshot_id(workspace: Path, now: datetime) -> str:
    """The moment of the load, numbered on where that second has a snapshot already."""
    moment = f"{now:%Y%m%dT%H%M%S}"
    names = (moment if n == 1 else f"{moment}-{n}" for n in count(1))
    return next(name for name in names if not (workspace / "tables" / name).exists())


def _prepare(run: Run) -> None:
    define_macros(run.connection)
    run.execute("SET VARIABLE until = ?::TIMESTAMP", [run.now + timedelta(days=1)])
    # What spills is encrypted with a throw-away key; DuckDB asks for this word before it does.
    run.execute("SET force_mbedtls_unsafe = 'true'")
    run.execute("SET temp_file_encryption = true")
    run.execute("SET preserve_insertion_order = true")
    if run.previous is not None:
        run.origins.extend(Origin(**origin) for origin in run.previous.manifest["sources"])


def _convert(run: Run) -> None:
    """Everything between the last row read and the first byte published."""
    run.progress.stage("dedupe")
    for table, source in run.sources.items():
        if table in run.staged:
            close_ends(run.connection, source)
        supersede(run, source)
    run.progress.stage("entities")
    patients = key_patients(run)
    places = key_places(run)
    staff = key_staff(run)
    if patients:
        write_patients(run)
    else:
        run.keep("patients")
        run.keep_sealed("people")
    if places:
        write_places(run)
    else:
        run.keep("places")
        run.keep_sealed("places")
    if staff:
        write_staff(run)
    else:
        run.keep("practitioners")
        run.keep_sealed("staff")
    run.progress.stage("tokens")
    changed = Changed(patients, places, staff)
    fresh = key_tokens(run, changed)
    run.progress.stage("tables")
    net_refunds(run)
    write_events(run)
    holders = {"mnl_reim_d", "out_appy_evt_c"} & run.staged
    if fresh or patients or places or staff or holders:
        write_tokens(run, changed)
    else:
        run.keep("holds")
        run.keep("tokens")
        run.keep_sealed("tokens")
    seal_tips(run)
    seal_agents(run)
    seal_registered(run)
    notice(run)


def _manifest(run: Run) -> dict[str, Any]:
    before = run.previous.manifest if run.previous else {}
    rows = dict(run.counted())
    tables = {
        table: {
            "rows": rows[table],
            "files": [
                part.relative_to(run.draft / "tables").as_posix() for part in run.written[table]
            ],
            "columns": list(TABLES[table].columns),
        }
        for table in TABLES
        if table in run.written
    }
    report = run.report
    starts = [t for t in (before.get("date_from"), _iso(report.date_from)) if t]
    ends = [t for t in (before.get("date_to"), _iso(report.date_to)) if t]
    return {
        "format": FORMAT,
        "snapshot": run.snapshot,
        "parent": run.previous.id if run.previous else None,
        "created": _iso(run.now),
        "version": _version(),
        "date_from": min(starts, default=None),
        "date_to": max(ends, default=None),
        "loaded": sorted(set(before.get("loaded", [])) | run.staged),
        "tables": tables,
        "sources": [origin.to_json() for origin in run.origins],
        "report": report.to_json(),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _rejects(run: Run) -> list[Reject]:
    """The quarantine with this load's rejects added."""
    before = read_rejects(run.workspace, run.previous.id, run.keys) if run.previous else []
    first = max((reject.reject for reject in before), default=-1) + 1
    return before + [replace(reject, reject=first + n) for n, reject in enumerate(run.rejects)]


def _version() -> str:
    try:
        return version("huancha")
    except PackageNotFoundError:
        return "unknown"
