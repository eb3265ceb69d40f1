"""How long a scan takes and how much memory, stage by stage, beside three other ways over the same snapshot.

    python benchmarks/speed.py --visits 1e5 1e6 1e7 1e8 --folder /somewhere/large --out benchmarks/results/<date>-speed.md

Each contender is a process of its own, on the same machine, in turn:

floor   the visits (the columns the scan reads) read and sorted once by place, time and patient, in DuckDB;
sql     the co-visit pairs alone, by DuckDB's bucketed equi-join, tuned as in `graph/scan/covisits.py` (up to 10^7 visits);
naive   co-visits and shared phones into python-louvain (up to 10^6 visits).

Worlds up to 10^7 visits are synthesised and loaded once and kept in the folder; larger ones are the 10^7 world many times
over (`benchmarks/enlarge.py`). Peak memory per stage is Linux's own high-water mark, reset whenever a stage begins; stages in the two lanes overlap.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

LARGEST_MADE = 10_000_000
SQL_UP_TO = 10_000_000
NAIVE_UP_TO = 1_000_000
MEMORY = "9GB"
NOW = datetime(2026, 1, 1)
GIB = 2**30


def prepared(folder: Path, visits: int) -> Path:
    """A loaded workspace of about `visits` visits, made if it is not there yet."""
    made = folder / f"{visits:.0e}".replace("+", "")
    if (made / "CURRENT").exists():
        return made
    if visits > LARGEST_MADE:
        from benchmarks.enlarge import enlarge

        return enlarge(prepared(folder, LARGEST_MADE), made, round(visits / LARGEST_MADE))
    from loaders.load import load_folder
    from loaders.synthetic.generate import write_world

    files = made.with_name(f"{made.name}-files")
    write_world(files, visits=visits, seed=1)
    load_folder(files, made, now=NOW)
    return made


def scan(workspace: Path) -> dict[str, Any]:
    """One scan: stages with seconds and peak memory."""
    from graph.scan.run import run_scan

    peaks: dict[str, int] = {}
    begun: set[str] = set()
    shutil.rmtree(workspace / "scans", ignore_errors=True)
    start = time.perf_counter()

    def step(name: str, _: int, __: int) -> None:
        if name in begun:
            peaks[name] = _high_water()
            print(f"{time.perf_counter() - start:.1f} s: {name} done", file=sys.stderr)
        begun.add(name)
        Path("/proc/self/clear_refs").write_text("5")

    run = run_scan(workspace, seed=1, now=NOW, progress=step).run
    stages = [[s.name, s.seconds, peaks[s.name], s.rows] for s in run.stages]
    return {"stages": stages, "rings": run.counts["rings"]}


def _high_water() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    return 0


def floor(workspace: Path) -> dict[str, Any]:
    """The visits read and sorted once."""
    world = _world(workspace, MEMORY)
    rows = world.con.execute(
        "SELECT count(*) FROM visits WHERE patient IS NOT NULL AND place IS NOT NULL"
    ).fetchall()[0][0]
    began = time.perf_counter()
    sorted_visits = world.con.sql(
        "SELECT * FROM visits ORDER BY place, setl_time, patient"
    ).to_arrow_reader(1 << 17)
    for _ in sorted_visits:
        pass
    return {"sorting": time.perf_counter() - began, "visits": rows}


def sql(workspace: Path) -> dict[str, Any]:
    """The co-visit pairs of the same visits, asked of DuckDB."""
    from graph.scan.covisits import covisits_sql

    world = _world(workspace, MEMORY)
    world.con.execute(
        "CREATE TABLE seen AS SELECT patient, place, "
        "CAST(date_diff('minute', TIMESTAMP '2000-01-01', setl_time) AS INTEGER) AS minute "
        "FROM visits WHERE NOT stay AND NOT online AND patient IS NOT NULL AND place IS NOT NULL"
    )
    pairs = covisits_sql(world.con, "seen", window=10, least=3)
    return {"pairs": len(pairs)}


def naive(workspace: Path) -> dict[str, Any]:
    """Co-visits and shared phones into python-louvain."""
    from benchmarks.baselines import naive as groups
    from benchmarks.baselines import read
    from graph.snapshot import current_snapshot

    return {"groups": len(groups(read(current_snapshot(workspace)), seed=1))}


def _world(workspace: Path, memory: str) -> Any:
    from graph.scan.parameters import Parameters
    from graph.scan.world import World
    from graph.snapshot import current_snapshot

    return World.open(current_snapshot(workspace), Parameters(), memory)


CONTENDERS = {"scan": scan, "floor": floor, "sql": sql, "naive": naive}


def contend(name: str, workspace: Path) -> None:
    """Run one contender in this process and print what it took."""
    began = time.perf_counter()
    answer = CONTENDERS[name](workspace)
    used = resource.getrusage(resource.RUSAGE_SELF)
    answer |= {
        "wall": time.perf_counter() - began,
        "processor": used.ru_utime + used.ru_stime,
        "peak": used.ru_maxrss * 1024,
    }
    print(json.dumps(answer))


def ask(name: str, workspace: Path) -> dict[str, Any]:
    """What one contender took, in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--contend", name, str(workspace)],
        capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parent.parent)},
    )  # fmt: skip
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def compare(visits: int, folder: Path) -> tuple[list[str], dict[str, Any]]:
    """One row of the summary, and the scan's own answer."""
    workspace = prepared(folder, visits)
    ask("scan", prepared(folder, 100_000))  # compiles what is not compiled yet
    ours, least = ask("scan", workspace), ask("floor", workspace)
    joined = ask("sql", workspace) if visits <= SQL_UP_TO else None
    plain = ask("naive", workspace) if visits <= NAIVE_UP_TO else None
    peak = max(ours["peak"], *(stage[2] for stage in ours["stages"]))  # stages reset the mark
    row = [
        f"{least['visits']:,}", f"{ours['wall']:.1f}", f"{ours['processor']:.1f}",
        f"{peak / GIB:.2f}", f"{least['sorting']:.1f}",
        f"{ours['wall'] / least['sorting']:.1f}",
        f"{joined['wall']:.1f}" if joined else "-", f"{plain['wall']:.1f}" if plain else "-",
    ]  # fmt: skip
    return row, ours


def report(sizes: list[int], folder: Path, command: str) -> str:
    """The results as Markdown: a summary, then the stages of each size."""
    rows, details, walls = [], [], []
    for visits in sizes:
        row, ours = compare(visits, folder)
        rows.append("| " + " | ".join(row) + " |")
        walls.append(ours["wall"])
        details += [f"\n### {row[0]} visits, {ours['rings']:,} candidates kept\n",
                    "| stage | seconds | peak GiB | rows |", "|---|---|---|---|"]  # fmt: skip
        details += [
            f"| {name} | {seconds:.1f} | {peak / GIB:.2f} | {found:,} |"
            for name, seconds, peak, found in ours["stages"]
        ]
    growth = [
        f"{b:.0e} over {a:.0e}: {y / x:.1f} x"
        for (a, x), (b, y) in zip(
            zip(sizes, walls, strict=True), list(zip(sizes, walls, strict=True))[1:], strict=False
        )
    ]
    head = [
        f"# Speed of the scan, {datetime.now():%Y-%m-%d}", "",
        f"`{command}` on {os.cpu_count()} processors.", "",
        "| visits | scan s | processor s | peak GiB | floor s | scan / floor | SQL pairs alone s | naive s |",
        "|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    return "\n".join([*head, *rows, "", "Growth: " + "; ".join(growth) + ".", *details, ""])


def main() -> None:
    """Measure every size asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--visits", nargs="+", type=float, default=[1e5, 1e6])
    asked.add_argument("--folder", type=Path, default=Path("benchmark-worlds"))
    asked.add_argument("--out", type=Path)
    asked.add_argument("--contend", nargs=2, metavar=("NAME", "WORKSPACE"))
    chosen = asked.parse_args()
    if chosen.contend:
        contend(chosen.contend[0], Path(chosen.contend[1]))
        return
    sizes = [int(v) for v in chosen.visits]
    command = "python benchmarks/speed.py --visits " + " ".join(f"{v:.0e}" for v in sizes)
    text = report(sizes, chosen.folder, command)
    if chosen.out:
        chosen.out.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
