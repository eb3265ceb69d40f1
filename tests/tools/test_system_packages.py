"""`make system` over machines that lack this or that: it installs what it may and names what stays away."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "tools" / "system_packages.sh"
BASH = shutil.which("bash")
ALWAYS = ("grep", "env", "true", "cat", "chmod")
JAVA = """echo 'openjdk version "{0}.0.2" 2023-10-17' >&2"""
WHOLE = {
    "chromium": "",
    "fc-list": "echo NotoSansCJK.ttc",
    "java": JAVA.format(17),
    "mvn": "",
    "initdb": "",
}
PROGRAMS = {
    "chromium": "chromium",
    "fonts-noto-cjk": "fc-list",
    "default-jre-headless": "java",
    "maven": "mvn",
    "postgresql": "initdb",
}
"""What a package brings."""


class Machine:
    """A machine on which only the programs laid on it are there."""

    def __init__(self, folder: Path) -> None:
        self.bin, self.home = folder / "bin", folder / "home"
        self.bin.mkdir()
        self.home.mkdir()
        self.calls = folder / "calls"
        self.calls.touch()
        for name in ALWAYS:
            (self.bin / name).symlink_to(shutil.which(name))
        self.user(0)

    def lay(self, name: str, text: str) -> None:
        (self.bin / name).write_text(f"#!{BASH}\n{text}\n", "utf-8")
        (self.bin / name).chmod(0o755)

    def user(self, number: int) -> None:
        self.lay("id", f"echo {number}")

    def debian(self, **brings: str) -> None:
        """An apt-get that brings the programs of each package it is asked for."""
        lines = [f'echo "$@" >> {self.calls}', 'for package in "$@"; do case $package in']
        for package, name in PROGRAMS.items():
            text = brings.get(name, WHOLE[name])
            made = f"#!{BASH}\n{text}\n"
            lines.append(f"{package}) cat > {self.bin}/{name} <<'END'\n{made}END\n")
            lines.append(f"chmod 755 {self.bin}/{name};;")
        self.lay("apt-get", "\n".join([*lines, "esac; done"]))

    def run(self, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(BASH), str(SCRIPT)],
            env={
                "PATH": str(self.bin),
                "HOME": str(self.home),
                "HUANCHA_POSTGRESQL": str(self.bin),
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def whole(machine: Machine, *without: str) -> None:
    for name, text in WHOLE.items():
        if name not in without:
            machine.lay(name, text)


def test_a_machine_with_everything_is_left_alone(machine: Machine) -> None:
    whole(machine)
    machine.debian()
    done = machine.run(CI="true")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert machine.calls.read_text("utf-8") == ""


def test_root_on_debian_gets_what_is_missing(machine: Machine) -> None:
    machine.debian()
    done = machine.run(CI="true")
    assert (done.returncode, done.stderr) == (0, "")
    called = machine.calls.read_text("utf-8").splitlines()
    assert called[0].startswith("update")
    assert {line.split()[-1] for line in called[1:]} == set(PROGRAMS)


def test_sudo_is_used_where_it_asks_nothing(machine: Machine) -> None:
    whole(machine, "mvn")
    machine.user(1000)
    machine.debian()
    machine.lay("sudo", f'echo sudo >> {machine.calls}; [ "$1" = -n ] && shift; exec "$@"')
    assert machine.run().returncode == 0
    assert "sudo\ninstall" in machine.calls.read_text("utf-8")
    assert (machine.bin / "mvn").exists()


@pytest.mark.parametrize(
    ("without", "named", "tests"),
    [
        ("chromium", "chromium is not installed", "the browser tests"),
        ("fc-list", "no font with Chinese glyphs", "Chinese glyphs will not run"),
        ("java", "Java is not installed", "the tests with a real Neo4j"),
        ("mvn", "Maven is not installed", "the tests with a real Neo4j"),
        ("initdb", "PostgreSQL is not installed", "the store of decisions on PostgreSQL"),
    ],
)
def test_who_may_not_install_is_told_what_will_not_run(
    machine: Machine, without: str, named: str, tests: str
) -> None:
    whole(machine, without)
    machine.user(1000)
    machine.debian()
    machine.lay("sudo", "exit 1")
    done = machine.run()
    assert done.returncode == 0
    (line,) = done.stderr.splitlines()
    assert named in line
    assert "neither root nor allowed sudo" in line
    assert tests in line
    assert machine.calls.read_text("utf-8") == ""
    assert machine.run(CI="true").returncode == 1


def test_every_missing_piece_has_a_line(machine: Machine) -> None:
    done = machine.run()
    assert len(done.stderr.splitlines()) == 5
    assert done.stderr.count("this system has no apt-get") == 5
    assert done.stderr.count("will not run") == 5
    assert (done.returncode, machine.run(CI="true").returncode) == (0, 1)


def test_an_old_java_is_as_good_as_none(machine: Machine) -> None:
    whole(machine)
    machine.lay("java", JAVA.format(11))
    machine.debian()
    assert machine.run(CI="true").returncode == 0
    assert "default-jre-headless" in machine.calls.read_text("utf-8")
    machine.debian(java=JAVA.format(11))
    machine.lay("java", JAVA.format(11))
    done = machine.run(CI="true")
    assert done.returncode == 1
    assert "is Java 11, and 17 or newer is needed, and apt-get could not" in done.stderr


def test_the_java_that_java_home_names_counts(machine: Machine, tmp_path: Path) -> None:
    whole(machine)
    done = machine.run(CI="true", JAVA_HOME=str(tmp_path / "none"))
    assert (done.returncode, "JAVA_HOME holds no Java" in done.stderr) == (1, True)
    (tmp_path / "jdk" / "bin").mkdir(parents=True)
    os.rename(machine.bin / "java", tmp_path / "jdk" / "bin" / "java")
    assert machine.run(CI="true", JAVA_HOME=str(tmp_path / "jdk")).returncode == 0


def test_jars_that_are_there_need_no_maven(machine: Machine) -> None:
    whole(machine, "mvn")
    assert machine.run(CI="true").returncode == 1
    (machine.home / ".cache" / "huancha" / "neo4j-5.26.12" / "lib").mkdir(parents=True)
    assert machine.run(CI="true").returncode == 0
    assert machine.run(CI="true", HUANCHA_NEO4J_CACHE=str(machine.home)).returncode == 1
    (machine.home / "lib").mkdir()
    assert machine.run(CI="true", HUANCHA_NEO4J_CACHE=str(machine.home)).returncode == 0
