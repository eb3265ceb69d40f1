"""The bytes of a file depend on the content alone, not on the process that writes it."""

import os
import subprocess
import sys
from pathlib import Path

from casework.exports.formats import FORMATS

ROOT = Path(__file__).parents[3]
WRITE_ALL = """
import sys
from pathlib import Path
from benchmarks.export import made_up
from casework.exports.formats import FORMATS
content = made_up(links=900, settled=80)
for format in FORMATS:
    format.write(content, Path(sys.argv[1]))
"""


def test_two_processes_write_the_same(tmp_path):
    found = []
    for hashing in ("1", "2"):
        folder = tmp_path / hashing
        folder.mkdir()
        subprocess.run(
            [sys.executable, "-W", "error", "-c", WRITE_ALL, folder],
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hashing, "TZ": f"UTC-{hashing}"},
        )
        found.append({file.name: file.read_bytes() for file in sorted(folder.iterdir())})
    assert found[0].keys() == found[1].keys()
    assert [name for name in found[0] if found[0][name] != found[1][name]] == []
    suffixes = {Path(name).suffix for name in found[0]}
    assert suffixes - {".png"} == {format.suffix for format in FORMATS}
