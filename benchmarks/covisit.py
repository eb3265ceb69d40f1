"""The co-visit join against DuckDB's bucketed equi-join, in one run on one machine.

    python benchmarks/covisit.py --visits 1e6 1e7 --out benchmarks/results/<date>-covisit.md

The world is the research note's (§6.2). Each contender runs in a process of its own over the same
columns, so its peak memory is its own. DuckDB gets the cheapest form of the question (§2.4: pairs
of visits, repeated rows and all, one direction), its table already in memory; ours sorts, indexes and counts distinct
visits both ways, and its time includes that. Runs take turns; the median of each is compared.
Processor time is given beside elapsed time because it says more on a busy machine.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]

WINDOW = 10
LEAST = 3
EQUI_JOIN = """
SELECT count(*), sum(x) FROM (
  WITH v AS (SELECT patient, place, minute, minute // {width} AS g FROM visits),
  near AS (SELECT patient, place, minute, unnest([g - 1, g, g + 1]) AS g FROM v)
  SELECT v.patient, near.patient, count(*) AS x
  FROM v JOIN near ON v.place = near.place AND v.g = near.g
    AND abs(v.minute - near.minute) <= {window} AND v.patient < near.patient
  GROUP BY 1, 2 HAVING count(*) >= {least})"""


def world(visits: int, seed: int = 1) -> tuple[Ints, Ints, Ints, int, int]:
    """Patient, place, minute (int32 each) of about `visits` visits; patients and places there are.

    Per 10^8 visits: 30,000 places of popularity rank^-0.9 and 12.5 million patients with
    gamma-Poisson visits (shape 0.6, mean 8), three home places each, 300 days with two peaks.
    """
    rng = np.random.default_rng(seed)
    places = max(30, round(30_000 * visits / 1e8))
    patients = max(100, round(12.5e6 * visits / 1e8))
    popularity = np.arange(1, places + 1) ** -0.9
    home = rng.choice(places, size=(patients, 3), p=popularity / popularity.sum())
    each = rng.poisson(rng.gamma(0.6, 8 / 0.6, patients))
    patient = np.repeat(np.arange(patients, dtype=np.int32), each)
    n = len(patient)
    place = home.astype(np.int32)[patient, rng.choice(3, size=n, p=[0.6, 0.3, 0.1])]
    morning = rng.random(n) < 0.6
    hour = np.where(morning, rng.normal(570, 70, n), rng.normal(900, 80, n))
    minute = rng.integers(0, 300, n) * 1440 + hour.clip(0, 1439).astype(np.int64)
    shuffled = rng.permutation(n)
    return patient[shuffled], place[shuffled], minute[shuffled].astype(np.int32), patients, places


def resident() -> float:
    """Memory of this process now, GB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e9


def run_ours(columns: dict[str, Ints], patients: int, places: int, runs: int) -> dict[str, Any]:
    begin = time.perf_counter()
    from graph.scan.covisits import VisitColumns, covisits

    answer: dict[str, Any] = {"build": [], "join": [], "import": time.perf_counter() - begin}
    for _ in range(runs):
        begin, busy = time.perf_counter(), time.process_time()
        visits = VisitColumns.build(
            columns["patient"],
            columns["place"],
            columns["minute"],
            patients=patients,
            places=places,
        )
        built = time.perf_counter()
        pairs = covisits(visits, window=WINDOW, least=LEAST)
        answer["build"].append(built - begin)
        answer["join"].append(time.perf_counter() - built)
        answer["cpu"] = time.process_time() - busy
        answer["pairs"] = len(pairs)
    return answer


def run_duckdb(columns: dict[str, Ints], runs: int) -> dict[str, Any]:
    import pandas as pd

    connection = duckdb.connect()
    frame = pd.DataFrame(columns)
    connection.register("frame", frame)
    connection.execute("CREATE TABLE visits AS SELECT * FROM frame")
    sql = EQUI_JOIN.format(width=WINDOW + 1, window=WINDOW, least=LEAST)
    answer: dict[str, Any] = {"join": []}
    for _ in range(runs):
        begin, busy = time.perf_counter(), time.process_time()
        answer["pairs"] = connection.execute(sql).fetchall()[0][0]
        answer["join"].append(time.perf_counter() - begin)
        answer["cpu"] = time.process_time() - busy
    return answer


def contend(name: str, folder: Path, runs: int) -> None:
    """Run one contender over the saved world and print what it took, as JSON."""
    columns = {k: np.load(folder / f"{k}.npy") for k in ("patient", "place", "minute")}
    size = json.loads((folder / "size.json").read_text())
    before = resident()
    if name == "duckdb":
        answer = run_duckdb(columns, runs)
    else:
        answer = run_ours(columns, size["patients"], size["places"], runs)
    answer["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6 - before
    print(json.dumps(answer))


def ask(name: str, folder: Path, runs: int, cache: Path) -> dict[str, Any]:
    """One contender in a process of its own."""
    root = Path(__file__).resolve().parents[1]
    environment = {**os.environ, "PYTHONPATH": str(root), "NUMBA_CACHE_DIR": str(cache)}
    command = [sys.executable, __file__, "--contend", name, "--folder", str(folder)]
    done = subprocess.run(
        [*command, "--runs", str(runs)], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def compare(visits: int, runs: int) -> tuple[str, dict[str, float]]:
    """One row of the table, and its figures."""
    with tempfile.TemporaryDirectory() as name:
        folder, cache = Path(name), Path(name) / "cache"
        patient, place, minute, patients, places = world(visits)
        for column, values in (("patient", patient), ("place", place), ("minute", minute)):
            np.save(folder / column, values)
        (folder / "size.json").write_text(json.dumps({"patients": patients, "places": places}))
        n = len(patient)
        del patient, place, minute
        cold = ask("ours", folder, 1, cache)
        ours, theirs = [], []
        for _ in range(runs):
            ours.append(ask("ours", folder, 2, cache))
            theirs.append(ask("duckdb", folder, 1, cache))
    build = median(o["build"][-1] for o in ours)
    join = median(o["join"][-1] for o in ours)
    duck = median(t["join"][-1] for t in theirs)
    first = cold["build"][0] + cold["join"][0]
    ratio = duck / (build + join)
    cpu, duck_cpu = (median(a["cpu"] for a in answers) for answers in (ours, theirs))
    memory, duck_memory = (max(a["memory"] for a in answers) for answers in (ours, theirs))
    row = (
        f"| {n:,} | {build:.2f} | {join:.2f} | {first:.1f} | {duck:.2f} | **{ratio:.1f}×** | "
        f"{cpu:.2f} | {duck_cpu:.2f} | {duck_cpu / cpu:.1f}× | "
        f"{memory:.2f} | {duck_memory:.2f} | {ours[0]['pairs']:,} | {theirs[0]['pairs']:,} |"
    )
    return row, {
        "visits": n,
        "ratio": ratio,
        "seconds": build + join,
        "duckdb": duck,
        "cpu": duck_cpu / cpu,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", nargs="+", type=float, default=[1e6, 1e7])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--contend", choices=["ours", "duckdb"])
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.contend:
        contend(options.contend, options.folder, options.runs)
        return
    lines = [
        f"# Co-visit join, ±{WINDOW} minutes, at least {LEAST}",
        "",
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start, Python {sys.version.split()[0]}, DuckDB {duckdb.__version__}; "
        f"median of {options.runs} runs taken in turns; seconds, GB beyond the input. "
        "First run: with every kernel still to be compiled.",
        "",
        "| visits | sort + index | join | first run | DuckDB equi-join | ours faster | ours CPU s | "
        "DuckDB CPU s | ours cheaper | ours GB | DuckDB GB | pairs (distinct visits) | pairs (DuckDB, visit pairs) |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for visits in options.visits:
        row, _ = compare(int(visits), options.runs)
        print(row, file=sys.stderr)
        lines.append(row)
    text = "\n".join(lines) + "\n"
    print(text)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
