"""What commands print: sentences to stderr, data to stdout, progress where a terminal is there."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from typing import Any, NoReturn, Protocol

from rich import box
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table


class ReaderGone(Exception):
    """Whoever read our output has read enough (`huancha rings | head`)."""


class _Data(Console):
    def on_broken_pipe(self) -> NoReturn:
        raise ReaderGone


class _Sentences(Console):
    def on_broken_pipe(self) -> None:
        """Nobody listens any more: the work goes on."""


stderr = _Sentences(stderr=True, highlight=False, soft_wrap=True)
stdout = _Data(highlight=False, soft_wrap=True)


def complain(sentence: str) -> None:
    """One sentence on what is wrong and what to do."""
    with suppress(BrokenPipeError):
        sys.stderr.write(f"huancha: {sentence}\n")


def say(sentence: str) -> None:
    """A sentence for the person at the terminal; never mixed with data."""
    stderr.print(sentence, markup=False)


def write(text: str) -> None:
    """Data on stdout, as it is; raises `ReaderGone`."""
    try:
        sys.stdout.write(text)
    except BrokenPipeError:
        raise ReaderGone from None


def print_json(value: Any) -> None:
    """`value` as JSON on stdout: Chinese as it is, times in ISO."""
    write(json.dumps(value, ensure_ascii=False, indent=2, default=_plain) + "\n")


def print_line(text: str) -> None:
    """A line on stdout, nothing in it taken for markup."""
    stdout.print(text, markup=False)


def print_shown(shown: int, total: int) -> None:
    """How much of a list was shown."""
    print_line(f"显示 {shown:,} / {total:,}  shown {shown:,} of {total:,}")


def plain_table(**headings: str) -> Table:
    """An empty table with two lines of heading, Chinese above English.

    English is the name, Chinese the value; a value that begins with `>` sets its column to the right.
    Cells are never cut: only the last column wraps.
    """
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    last = list(headings)[-1]
    for english, chinese in headings.items():
        right = chinese.startswith(">")
        table.add_column(
            f"{chinese.lstrip('>')}\n{english.replace('_', ' ')}",
            justify="right" if right else "left",
            no_wrap=english != last,
            overflow="fold",
        )
    return table


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def hush_stdout() -> None:
    """Stop writing to a stdout that cannot take any more."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Steps(Protocol):
    """What a long job reports: the step's name, done and total in its own unit."""

    def __call__(self, step: str, done: int, total: int) -> None: ...


@contextmanager
def step_lines() -> Iterator[Steps]:
    """Progress of a job in named steps: a live bar on a terminal, one line a step elsewhere."""
    if stderr.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
        with Progress(*columns, console=stderr, transient=True) as bars:
            task: list[TaskID] = []

            def draw(step: str, done: int, total: int) -> None:
                if not task:
                    task.append(bars.add_task(step, total=total))
                bars.update(task[0], description=step, completed=done, total=total)

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
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[rows]:,} rows"),
        TimeRemainingColumn(),
        console=stderr,
        transient=True,
    )
