"""The canvas's engine for tests: built here when `make env` has not laid it down in this copy."""

import subprocess
import sys
from pathlib import Path

from dashboards.canvas import bundle

ROOT = Path(__file__).parents[1]


def built_canvas() -> None:
    """See to it that the bundle is there. Fails where neither it nor Node and its packages are."""
    if not bundle.built():
        subprocess.run(["bash", "tools/make_canvas.sh", sys.prefix], cwd=ROOT, check=True)
    assert bundle.built(), "run: make env"
