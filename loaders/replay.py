"""Rejected rows read once more, after a fix of the tables' descriptions or of the rows themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from loaders.blocks import BadRow, Block, OpenedFile, cleaned, with_lines
from loaders.csv_exact import split_record
from loaders.errors import NothingToReplay
from loaders.load import run_load
from loaders.progress import Progress, Silent
from loaders.publish import live_snapshot, locked, sweep
from loaders.quarantine import Reject, corrected_rejects, read_rejects
from loaders.report import LoadReport, RowFates
from loaders.run import Run
from loaders.source import TableSource, national_sources, read_heading
from loaders.staging import BlockTaker
from loaders.vault import open_vault


def replay_rejects(
    workspace: Path,
    corrected: Path | None = None,
    *,
    now: datetime,
    table: str | None = None,
    progress: Progress | None = None,
    sources: Mapping[str, TableSource] | None = None,
) -> LoadReport:
    """Read the open rejected rows again (those of a `corrected` export, or all, or all of `table`).

    Rows that now read are taken in by a new snapshot and marked replayed; the others stay open, as
    they were. If none reads, no snapshot is made. The report counts the rows replayed, not the load
    they came from. Raises `NothingToReplay`, `BadCorrection`, `BusyWorkspace`.
    """
    known = sources or national_sources()
    with locked(workspace):
        live = live_snapshot(workspace)
        if live is None:
            raise NothingToReplay(workspace)
        sweep(workspace, live)
        every = read_rejects(workspace, live.id, open_vault(workspace, live.id).keys)
        rejects = [reject for reject in every if reject.replayed is None]
        if corrected is not None:
            rejects = corrected_rejects(rejects, corrected)
        rejects = [r for r in rejects if table in (None, r.table) and r.table in known]
        if not rejects:
            raise NothingToReplay(workspace)
        originals = {reject.reject: reject for reject in every}

        def stage(run: Run) -> None:
            run.progress.begin(1, len(rejects))
            for group in _groups(rejects):
                _stage(run, group, originals)
            run.progress.advance("quarantine", len(rejects), len(rejects), len(rejects))
            if len(run.rejects) == len(rejects):
                _none_reads(run)

        def afterwards(run: Run) -> list[Reject]:
            failed = {(reject.src, reject.line) for reject in run.rejects}
            chosen = {reject.reject for reject in rejects}
            return [
                replace(reject, replayed=run.snapshot)
                if reject.reject in chosen and (reject.src, reject.line) not in failed
                else reject
                for reject in every
            ]

        return run_load(
            workspace, live, known, stage,
            now=now, dry_run=False, progress=progress or Silent(), quarantine=afterwards,
        )  # fmt: skip


def _groups(rejects: Sequence[Reject]) -> list[list[Reject]]:
    """Rejects of the same file and heading together, by line."""
    groups: dict[tuple[int, str, str], list[Reject]] = {}
    for reject in sorted(rejects, key=lambda reject: (reject.src, reject.line)):
        groups.setdefault((reject.src, reject.heading, reject.delimiter), []).append(reject)
    return list(groups.values())


def _stage(run: Run, group: Sequence[Reject], originals: Mapping[int, Reject]) -> None:
    first = group[0]
    source = run.sources[first.table]
    heading = read_heading(source, first.names)
    rows: list[list[str]] = []
    lines: list[int] = []
    texts: list[str] = []
    bad: list[BadRow] = []
    for reject in group:
        fields = split_record(reject.row, reject.delimiter, len(heading.names))
        still = reject.reason == "undecodable" and reject.row == originals[reject.reject].row
        if fields is None or still:
            bad.append(BadRow(reject.line, reject.reason, reject.row))
            continue
        rows.append(fields)
        lines.append(reject.line)
        texts.append(reject.row)
    turned = list(zip(*rows, strict=True)) if rows else [()] * len(heading.names)
    columns = [cleaned(pa.array(column, pa.string())) for column in turned]
    block = Block(
        with_lines(columns, pa.array(lines, pa.int32())),
        tuple(bad),
        lambda at: [texts[n] for n in at],
        len(group),
    )
    taker = BlockTaker(run, source, OpenedFile(heading, first.delimiter, iter(())), first.src)
    taker.take(block)
    run.report.tables.setdefault(source.table, RowFates()).read += taker.read


def _none_reads(run: Run) -> None:
    """Nothing to take in: the report says so, and no snapshot is made."""
    for fates in run.report.tables.values():
        fates.quarantined = fates.read
    run.report.reasons.update(reject.reason for reject in run.rejects)
    run.staged.clear()
