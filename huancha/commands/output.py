"""What commands print: sentences to stderr, data to stdout, progress where a terminal is there."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

stderr = Console(stderr=True, highlight=False, soft_wrap=True)
stdout = Console(highlight=False, soft_wrap=True)


def complain(sentence: str) -> None:
    """One sentence on what is wrong and what to do."""
    sys.stderr.write(f"huancha: {sentence}\n")


def say(sentence: str) -> None:
    """A sentence for the person at the terminal; never mixed with data."""
    stderr.print(sentence, markup=False)


def print_json(value: Any) -> None:
    """`value` as JSON on stdout, Chinese as it is."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


class Steps(Protocol):
    """What a long job reports: the step's name, done and total in its own unit."""

    def __call__(self, step: str, done: int, total: int) -> None: ...


@contextmanager
def step_lines() -> Iterator[Steps]:
    """Progress of a job in named steps: a live bar on a terminal, one line a step elsewhere."""
    if stderr.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
        with Progress(*columns, console=stderr, transient=True) as bars:
            tasks: dict[str, TaskID] = {}

            def draw(step: str, done: int, total: int) -> None:
                if step not in tasks:
                    tasks[step] = bars.add_task(step, total=total)
                bars.update(tasks[step], completed=done, total=total)

            yield draw
        return
    seen: set[str] = set()

    def line(step: str, done: int, total: int) -> None:
        if step not in seen:
            seen.add(step)
            say(f"… {step}")

    yield line


def byte_bars() -> Progress:
    """Bars for files being read: name, bytes, rate, time left."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[rows]:,} rows"),
        TimeRemainingColumn(),
        console=stderr,
        transient=True,
    )
