"""How long a load takes beside DuckDB copying the same CSV files to Parquet with plain casts.

    python benchmarks/load.py --visits 1000000 --runs 3

Both are whole processes, started in turn on the same machine; the best run of each counts. The bar is a
ratio of at most 3 at 10^6 visits, and at most 4 GiB of memory at 10^7 (`--visits 10000000 --runs 1`).
The world written is clean, since a plain copy stops at the first broken row.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_CASTS = {"time": "TIMESTAMP", "date": "DATE", "money": "DECIMAL(18, 2)"}


@dataclass(frozen=True)
class Took:
    """One process: wall-clock seconds, processor seconds, peak resident memory in MiB."""

    wall: float
    processor: float
    peak: int


def copy_plainly(folder: Path, target: Path) -> None:
    """DuckDB alone: each table's CSV files to one Parquet file, times and money cast."""
    import duckdb

    from loaders.source import national_sources

    target.mkdir()
    with duckdb.connect() as connection:
        for table, source in national_sources().items():
            files = [str(file) for file in sorted(folder.glob(f"{table}*.csv"))]
            if not files:
                continue
            reading = (
                f"read_csv({files}, all_varchar = true, ignore_errors = true, union_by_name = true)"
            )
            names = connection.execute(f"DESCRIBE FROM {reading}").fetchall()
            columns = []
            for name, *_ in names:
                column = source.columns.get(name.lower())
                kind = _CASTS.get(column.type) if column else None
                columns.append(f'CAST("{name}" AS {kind}) AS "{name}"' if kind else f'"{name}"')
            connection.execute(
                f"COPY (SELECT {', '.join(columns)} FROM {reading}) TO '{target / table}.parquet'"
            )


def load(folder: Path, workspace: Path) -> None:
    """The product's load into a fresh workspace."""
    from loaders.load import load_folder

    load_folder(folder, workspace, now=datetime(2026, 1, 5, 9, 0, 0))


def measured(what: str, folder: Path, target: Path) -> Took:
    """Run one of the two in a process of its own, its traces removed afterwards."""
    command = [sys.executable, __file__, "--child", what, str(folder), str(target)]
    began = time.perf_counter()
    child = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)})
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{what} failed with {child.returncode}")
    shutil.rmtree(target)
    return Took(round(wall, 2), round(used.ru_utime + used.ru_stime, 2), used.ru_maxrss // 1024)


def main() -> None:
    """Write a world (or take `--folder`), run both in turn, print one JSON object."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--visits", type=int, default=1_000_000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--folder", type=Path, help="exports to load instead of a written world")
    options.add_argument(
        "--scratch", type=Path, help="where to work; a temporary folder if not given"
    )
    options.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.child:
        what, folder, target = chosen.child
        {"copy": copy_plainly, "load": load}[what](Path(folder), Path(target))
        return
    with tempfile.TemporaryDirectory(dir=chosen.scratch) as place:
        scratch = Path(place)
        folder = chosen.folder
        if folder is None:
            sys.path.insert(0, str(ROOT))
            from loaders.synthetic import WorldSettings, write_world

            folder = scratch / "exports"
            write_world(folder, visits=chosen.visits, seed=1, settings=WorldSettings().clean())
        size = sum(file.stat().st_size for file in folder.iterdir())
        copies, loads = [], []
        for run in range(chosen.runs):
            copies.append(measured("copy", folder, scratch / f"copy{run}"))
            loads.append(measured("load", folder, scratch / f"load{run}"))
    fastest_copy, fastest_load = (min(runs, key=lambda took: took.wall) for runs in (copies, loads))
    print(
        json.dumps(
            {
                "visits": chosen.visits,
                "bytes": size,
                "copy": asdict(fastest_copy),
                "load": asdict(fastest_load),
                "ratio": round(fastest_load.wall / fastest_copy.wall, 2),
                "peak_mib": max(took.peak for took in loads),
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
