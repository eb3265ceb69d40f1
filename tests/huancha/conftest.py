"""A small office, loaded and scanned once, and a way to call the command in this process."""

import getpass
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from huancha.commands.run import run
from tests.huancha.signals import heed_ctrl_c

HUANCHA = Path(sys.executable).with_name("huancha")
VISITS = 20_000
PATIENCE = 300.0
"""Seconds for a scan; on a fresh machine the first one compiles its inner loops."""


@dataclass(frozen=True)
class Answer:
    """What a call gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Stdout, which must be JSON and nothing else."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Office:
    """Exports, what synth said of them, and the workspace they were loaded into and scanned."""

    exports: Path
    summary: dict[str, Any]
    workspace: Path


@pytest.fixture
def call(capfd):
    """Call `huancha` with these arguments."""

    def calling(*arguments: object) -> Answer:
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        return Answer(code, *capfd.readouterr())

    return calling


@pytest.fixture
def people(tmp_path, monkeypatch):
    """Name the people of the office: the text of its file."""

    def named(text: str) -> None:
        (tmp_path / "people.toml").write_text(text, "utf-8")
        monkeypatch.setenv("HUANCHA_PEOPLE", str(tmp_path / "people.toml"))

    return named


@pytest.fixture
def call_as(call, monkeypatch):
    """Call `huancha` as the person who signed in to the machine with that name."""

    def calling(name: str, *arguments: object) -> Answer:
        monkeypatch.setattr(getpass, "getuser", lambda: name)
        return call(*arguments)

    return calling


@pytest.fixture
def start():
    """Start `huancha` as a process with pipes; whatever still runs at the end is killed."""
    running = []

    def starting(*arguments: object) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [HUANCHA, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=heed_ctrl_c,
        )
        running.append(process)
        return process

    yield starting
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=PATIENCE)


@pytest.fixture(scope="session")
def office(tmp_path_factory) -> Office:
    """Nobody writes to it."""
    folder = tmp_path_factory.mktemp("office")
    exports, workspace, summary = folder / "exports", folder / "workspace", folder / "summary.json"
    with summary.open("w") as out, pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        assert run(["synth", str(exports), f"--visits={VISITS}", "--seed=3", "--json"]) == 0
        out.flush()
        written = json.loads(summary.read_text("utf-8"))
        assert run(["load", str(exports), "--workspace", str(workspace)]) == 0
        assert run(["scan", "--workspace", str(workspace)]) == 0
    return Office(exports, written, workspace)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch, tmp_path):
    """No setting of the machine's own, and a working folder that may be written to."""
    for name in ("HUANCHA_WORKSPACE", "HUANCHA_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
