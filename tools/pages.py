"""What the tools that write a page of docs have in common."""

import argparse
import sys
from pathlib import Path


def keep_page(tool: str, path: Path, text: str, doc: str | None) -> None:
    """Write the page, or with `--check` end with 1 when it is not current."""
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    if not parser.parse_args().check:
        path.write_text(text, "utf-8")
    elif path.read_text("utf-8") != text:
        sys.exit(f"{path.name} is not current: run python -m tools.{tool}")
