"""How long the preview of a sanction takes whose practitioner is registered at fifty places.

    python -m benchmarks.preview WORKSPACE

Writes nothing into the workspace: a made-up practitioner, the busiest one given fifty registrations, stands in a
copy of `prac_reg_d` beside links to the other tables.
"""

import argparse
import json
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from casework.sanctions import Kind, Sanction, preview
from graph.snapshot import Snapshot, current_snapshot

PLACES, TIMES = 50, 5


def fifty(snapshot: Snapshot, folder: Path) -> tuple[Snapshot, str, date]:
    """A snapshot in `folder` whose busiest practitioner is registered at the busiest places; who, and its last day."""
    made = folder / "tables" / snapshot.id
    made.mkdir(parents=True)
    for table in snapshot.path.iterdir():
        if table.name != "prac_reg_d":
            (made / table.name).symlink_to(table)
    with snapshot.connect() as con:
        who, id_ = con.execute(
            "SELECT practitioner, any_value(p.id) FROM setl_d JOIN practitioners p USING (practitioner) "
            "WHERE counts GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
        ).fetchone()
        most = f"SELECT place FROM setl_d GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT {PLACES}"
        places = [place for (place,) in con.execute(most).fetchall()]
        (last,) = con.execute("SELECT max(setl_time)::DATE FROM setl_d").fetchone()
    files = snapshot.files("prac_reg_d")
    table = pa.concat_tables(map(pq.read_table, files))
    row = table.slice(0, 1).to_pylist()[0] | {"practitioner": who, "reg_stas": "正常"}
    rows = [row | {"place": place, "line": number} for number, place in enumerate(places)]
    (made / "prac_reg_d").mkdir()
    for file in files[1:]:
        pq.write_table(table.schema.empty_table(), made / file.relative_to(snapshot.path))
    added = pa.concat_tables([table, pa.Table.from_pylist(rows, schema=table.schema)])
    pq.write_table(added, made / files[0].relative_to(snapshot.path))
    return Snapshot(made), id_, last


def main() -> None:
    """Print one line of JSON: registrations, visits, the seconds of each preview, wall and processor."""
    parser = argparse.ArgumentParser()
    parser.add_argument("workspace", type=Path)
    given = current_snapshot(parser.parse_args().workspace)
    with tempfile.TemporaryDirectory() as folder:
        snapshot, who, today = fifty(given, Path(folder))
        begins = today - timedelta(days=60)
        sanction = Sanction(0, Kind.SUSPENSION, who, "110105", begins, today, "law")
        seconds = []
        for _ in range(TIMES):
            wall, used = time.perf_counter(), time.process_time()
            reach = preview(snapshot, sanction, today)
            seconds.append((time.perf_counter() - wall, time.process_time() - used))
    found = {
        "visits": given.counts()["setl_d"],
        "registrations": len(reach.registrations),
        "patients": sum(line.patients for line in reach.registrations),
        "wall_seconds": [round(wall, 2) for wall, _ in seconds],
        "processor_seconds": [round(used, 2) for _, used in seconds],
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
