"""Are the rings found the rings planted? The scan against three baselines, over the same snapshots.

    python benchmarks/quality.py --visits 100000 --seeds 11 12 --settings default hard --out FILE

Writes synthetic worlds, loads and scans them, and scores scan and baselines against the planted
truth (`benchmarks/scoring.py`): a ring counts at Jaccard >= 0.5, one-to-one, in rank order. A world
without rings is added for each of `--quiet`. The worlds come from our own generator, which the
scan's parameters were chosen on too; take seeds nobody tuned on.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.baselines import (  # noqa: E402
    BLOCKS,
    Ints,
    blocks_of_patients,
    fraudar,
    hours,
    naive,
    read,
    shared_tokens,
    tokens,
)
from benchmarks.scoring import Found, Planted, Score, interval, pooled, score  # noqa: E402
from graph.results import Scan  # noqa: E402
from graph.scan.run import run_scan  # noqa: E402
from graph.snapshot import Snapshot, current_snapshot  # noqa: E402
from loaders.load import load_folder  # noqa: E402
from loaders.synthetic import WorldSettings, write_world  # noqa: E402
from loaders.synthetic.truth import LookAlike, TrueRing, Truth, read_truth  # noqa: E402
from loaders.vault import open_vault  # noqa: E402

NOW = datetime(2026, 1, 5, 9)
OURS = "huancha"
NAIVE, TOKENS, FEW_TOKENS = "naive Louvain", "WCC on tokens", "WCC without addresses"
FRAUDAR_HOURS, FRAUDAR_TOKENS = "FRAUDAR, place-hours", "FRAUDAR, tokens"
SETTINGS = {
    "default": WorldSettings,
    "easy": WorldSettings.easy,
    "hard": WorldSettings.hard,
    "quiet": WorldSettings.quiet,
}


@dataclass(frozen=True)
class Codes:
    """Blind id by platform code, a dictionary per kind; several staff codes may share an id."""

    patients: Mapping[str, str]
    staff: Mapping[str, str]
    places: Mapping[str, str]

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Codes":
        """Those of a synthetic workspace, from its vault."""
        vault = open_vault(snapshot.workspace, snapshot.id)
        named = []
        for table, code in (("people", "psn_no"), ("staff", "prac_psn_code")):
            rows = vault.table(table, columns=[code, "id"])
            named.append(dict(zip(rows[code].to_pylist(), rows["id"].to_pylist(), strict=True)))
        with snapshot.connect() as con:
            places = dict(con.execute("SELECT code, id FROM places").fetchall())
        return cls(named[0], named[1], places)

    def planted(self, truth: Truth) -> tuple[list[Planted], list[Planted]]:
        """Rings and look-alikes of a truth in blind ids; what never reached the snapshot keeps its code."""
        rings = [
            Planted(r.ring, r.kind, self._patients(r), self._others(r), r.amount)
            for r in truth.rings
        ]
        twins = [Planted("", t.kind, self._patients(t), self._others(t)) for t in truth.look_alikes]
        return rings, twins

    def _patients(self, one: TrueRing | LookAlike) -> frozenset[str]:
        return frozenset(self.patients.get(code, code) for code in one.members)

    def _others(self, one: TrueRing | LookAlike) -> frozenset[str]:
        staff = {self.staff.get(code, code) for code in one.professionals}
        return frozenset(staff | {self.places.get(code, code) for code in one.places})


def of_scan(scan: Scan) -> list[Found]:
    """The rings of a scan, best first."""
    members = scan.all_members()
    return [
        Found(
            ring.ring,
            ring.rank,
            ring.grade,
            ring.motifs,
            frozenset(m.id for m in members[ring.ring] if m.kind == "patient"),
            frozenset(m.id for m in members[ring.ring] if m.kind != "patient"),
        )
        for ring in scan.rings(limit=None).items
    ]


def of_groups(name: str, groups: Sequence[Ints], ids: Sequence[str]) -> list[Found]:
    """A baseline's groups as found rings; all pass for grade A, since it has no grades."""
    return [
        Found(f"{name} {n}", n, "A", (name,), frozenset(ids[int(k)] for k in group), frozenset())
        for n, group in enumerate(groups, 1)
    ]


def baselines(snapshot: Snapshot, seed: int) -> dict[str, list[Found]]:
    """What each baseline lists for this snapshot."""
    seen = read(snapshot)
    with snapshot.connect() as con:
        ids = [row[0] for row in con.execute("SELECT id FROM patients ORDER BY patient").fetchall()]
    groups = {
        NAIVE: naive(seen, seed=seed),
        TOKENS: shared_tokens(seen),
        FEW_TOKENS: shared_tokens(seen, ("phone", "account")),
        FRAUDAR_HOURS: blocks_of_patients(fraudar(*hours(seen))),
        FRAUDAR_TOKENS: blocks_of_patients(fraudar(*tokens(seen))),
    }
    return {name: of_groups(name, found, ids) for name, found in groups.items()}


@dataclass(frozen=True)
class Judged:
    """One world's scores: contender → score; ours also at other likenesses."""

    setting: str
    seed: int
    visits: int
    scores: dict[str, Score]
    at_likeness: dict[float, Score] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


def judge(setting: str, seed: int, visits: int, scratch: Path, scan_seed: int) -> Judged:
    """Write, load, scan and score one world inside `scratch`."""
    folder, workspace = scratch / "exports", scratch / "workspace"
    clock = [time.perf_counter()]
    summary = write_world(folder, visits=visits, seed=seed, settings=SETTINGS[setting]())
    clock.append(time.perf_counter())
    load_folder(folder, workspace, now=NOW)
    clock.append(time.perf_counter())
    scan = run_scan(workspace, seed=scan_seed, now=NOW)
    clock.append(time.perf_counter())
    snapshot = current_snapshot(workspace)
    rings, twins = Codes.of(snapshot).planted(read_truth(summary.truth))
    ours = of_scan(scan)
    found = {OURS: ours} | baselines(snapshot, scan_seed)
    clock.append(time.perf_counter())
    steps = ("write", "load", "scan", "baselines")
    return Judged(
        setting,
        seed,
        summary.visits,
        {name: score(listed, rings, twins) for name, listed in found.items()},
        {least: score(ours, rings, twins, least=least) for least in (0.3, 0.5, 0.8)},
        {step: round(clock[n + 1] - clock[n], 1) for n, step in enumerate(steps)},
    )


def share(hits: int, of: int) -> str:
    """A share with its 95% interval, or a dash where there is nothing to share."""
    low, high = interval(hits, of)
    return f"{hits / of:.2f} ({low:.2f}–{high:.2f})" if of else "–"


def overall(worlds: Sequence[Judged]) -> list[str]:
    """The comparison: a row per contender, worlds pooled."""
    rows = [
        "| contender | listed | precision | recall | AP | P@10 | P@R | money | look-alikes listed | pieces, repeats |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name in worlds[0].scores:
        s = pooled([world.scores[name] for world in worlds])
        first = f"{s.at[10]:.2f}" if 10 in s.at else "–"
        order = f"{s.ap:.2f} | {first} | {s.at_planted:.2f}"
        ours = name == OURS
        if ours:
            rows.append(
                f"| {OURS}, grade A | {s.listed_a} | {share(s.hits_a, s.listed_a)} |"
                f" {share(s.hits_a, s.planted)} | – | – | – | – | {s.twins_in_a} | – |"
            )
        rows.append(
            f"| {name}{', grades A and B' if ours else ''} | {s.listed_ab} |"
            f" {share(s.hits_ab, s.listed_ab)} | {share(s.hits_ab, s.planted)} |"
            f" {'– | – | –' if ours else order} | {s.money_recall:.2f} | {s.twins_in_ab} |"
            f" {s.fragments_ab}, {s.repeats_ab} |"
        )
        if ours:
            rows.append(
                f"| {OURS}, whole list | {s.listed} | {share(s.hits, s.listed)} |"
                f" {share(s.hits, s.planted)} | {order} | {s.money_anywhere:.2f} | – | – |"
            )
    return rows


def by_kind(worlds: Sequence[Judged]) -> list[str]:
    """Rings found of those planted, a row per kind, a column per contender."""
    pools = {name: pooled([w.scores[name] for w in worlds]).by_kind for name in worlds[0].scores}
    others = [name for name in pools if name != OURS]
    rows = [
        f"| kind | planted | {OURS} A+B | {OURS} anywhere | {' | '.join(others)} |",
        f"| --- |{' ---: |' * (3 + len(others))}",
    ]
    for kind, (strong, anywhere, planted) in sorted(pools[OURS].items()):
        theirs = " | ".join(str(pools[name][kind][0]) for name in others)
        rows.append(f"| {kind} | {planted} | {strong} | {anywhere} | {theirs} |")
    return rows


def each_world(worlds: Sequence[Judged]) -> list[str]:
    """Ours, a row per world."""
    rows = [
        "| world | seed | visits | planted | A+B | precision | recall | AP | P@R | money | A | false in A | look-alikes in A | scan s |",
        f"| --- |{' ---: |' * 13}",
    ]
    for w in worlds:
        s = w.scores[OURS]
        found = f"{s.recall:.2f} | {s.ap:.2f} | {s.at_planted:.2f} | {s.money_recall:.2f}"
        rows.append(
            f"| {w.setting} | {w.seed} | {w.visits:,} | {s.planted} | {s.listed_ab} |"
            f" {f'{s.precision:.2f}' if s.listed_ab else '–'} |"
            f" {found if s.planted else '– | – | – | –'} | {s.listed_a} | {s.false_in_a} |"
            f" {s.twins_in_a} | {w.seconds['scan']} |"
        )
    return rows


def likenesses(worlds: Sequence[Judged]) -> list[str]:
    """Ours at stricter and looser ideas of a match."""
    rows = [
        "| Jaccard at least | precision A+B | recall A+B | AP |",
        "| ---: | ---: | ---: | ---: |",
    ]
    for least in worlds[0].at_likeness:
        s = pooled([world.at_likeness[least] for world in worlds])
        rows.append(f"| {least} | {s.precision:.2f} | {s.recall:.2f} | {s.ap:.2f} |")
    return rows


def source() -> str:
    """Which commit was measured, where git can tell."""
    asked = ("describe", "--always", "--dirty=, with changes not yet committed")
    said = subprocess.run(["git", *asked], cwd=ROOT, capture_output=True, text=True, check=False)
    return f" at {said.stdout.strip()}" if said.returncode == 0 else ""


def report(worlds: Sequence[Judged], visits: int, command: str, took: float) -> str:
    """All tables as Markdown. Without worlds that hold rings only the table of worlds."""
    ringed = [w for w in worlds if w.scores[OURS].planted]
    parts = [
        f"# Rings found against rings planted, {visits:,} visits",
        "",
        f"`{command}`{source()}; {took:.0f} s in all on {os.cpu_count()} cores.",
        "",
        "A ring counts as found at Jaccard >= 0.5, one-to-one, in rank order; pieces and repeats of a planted ring"
        " count as false. Brackets: 95% Wilson interval, worlds pooled. AP, P@10 and P@R (the first R, R being how many are"
        " planted) are over the whole list, mean of worlds. Money: share of the fund money of all planted rings. The baselines have no"
        " grades: all they list counts. They name patients only, so rings of practitioners (`two_places`,"
        f" `substitution`) are out of their reach. FRAUDAR takes {BLOCKS} blocks and lists their pieces.",
    ]
    if ringed:
        parts += ["", "## All worlds with rings", "", *overall(ringed)]
        for setting in dict.fromkeys(w.setting for w in ringed):
            mine = [w for w in ringed if w.setting == setting]
            if len(mine) < len(ringed):
                parts += ["", f"## Setting {setting}", "", *overall(mine)]
        parts += ["", "## By kind of ring", "", *by_kind(ringed)]
        parts += ["", "## Stricter and looser matches", "", *likenesses(ringed)]
    parts += ["", f"## {OURS}, world by world", "", *each_world(worlds)]
    false = Counter[tuple[str, str]]()
    for w in worlds:
        false.update({(w.setting, what): n for what, n in w.scores[OURS].false_by.items()})
    if false:
        parts += ["", "False alarms in A and B (setting, grade: motifs: what it is near):", ""]
        parts += [f"- {setting}: {n} × `{what}`" for (setting, what), n in false.most_common(20)]
    return "\n".join(parts) + "\n"


def measured(visits: int, wanted: Sequence[tuple[str, int]], chosen: argparse.Namespace) -> str:
    """The report on worlds of one size, `wanted` being (setting, seed)."""
    began = time.perf_counter()
    worlds = []
    for setting, seed in wanted:
        with tempfile.TemporaryDirectory(dir=chosen.scratch) as place:
            worlds.append(judge(setting, seed, visits, Path(place), chosen.scan_seed))
        print(visits, setting, seed, worlds[-1].seconds, file=sys.stderr)
    command = (
        f"python benchmarks/quality.py --visits {visits} --seeds {' '.join(map(str, chosen.seeds))}"
        f" --settings {' '.join(chosen.settings)} --quiet {' '.join(map(str, chosen.quiet))}"
        f" --scan-seed {chosen.scan_seed}"
    )
    return report(worlds, visits, command, time.perf_counter() - began)


def main() -> None:
    """Judge each world and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visits", nargs="+", type=int, default=[100_000])
    parser.add_argument("--seeds", nargs="+", type=int, default=[11, 12])
    parser.add_argument(
        "--settings", nargs="+", choices=sorted(SETTINGS), default=["default", "hard"]
    )
    parser.add_argument("--quiet", nargs="*", type=int, default=[11], help="seeds without rings")
    parser.add_argument("--scan-seed", type=int, default=1)
    parser.add_argument("--scratch", type=Path, help="where to work; a temporary folder if absent")
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    wanted = [(setting, seed) for setting in chosen.settings for seed in chosen.seeds]
    wanted += [("quiet", seed) for seed in chosen.quiet]
    text = "\n".join(
        measured(visits, list(dict.fromkeys(wanted)), chosen) for visits in chosen.visits
    )
    print(text)
    if chosen.out:
        chosen.out.parent.mkdir(parents=True, exist_ok=True)
        chosen.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
