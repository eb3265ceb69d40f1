"""Java, and Neo4j's jars: fetched once by Maven from wherever its settings say, kept in a cache folder.

The folder is `HUANCHA_NEO4J_CACHE`, or `huancha/neo4j-<version>` in the user's cache folder. Its `lib`
appears whole by one rename, so it is complete whenever it is there.
"""

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.neo4j.errors import MissingProgram, NotFetched

POM = Path(__file__).with_name("pom.xml")
OLDEST_JAVA = 17
PATIENCE = 900.0


def version() -> str:
    """The version of Neo4j that `pom.xml` names."""
    found = re.search(r"<neo4j\.version>([\w.-]+)</neo4j\.version>", POM.read_text("utf-8"))
    assert found, "pom.xml names no version"
    return found[1]


def cache() -> Path:
    """The cache folder; it need not exist."""
    named = os.environ.get("HUANCHA_NEO4J_CACHE")
    if named:
        return Path(named).absolute()
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "huancha" / f"neo4j-{version()}"


def java() -> str:
    """The java to run: of `JAVA_HOME`, else of the path. Raises `MissingProgram` below Java 17."""
    home = os.environ.get("JAVA_HOME")
    program = shutil.which("java", path=f"{home}/bin" if home else None)
    if program is None:
        raise MissingProgram("java", "a Java 17 runtime (Debian: default-jre-headless)")
    told = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    if not found or int(found[1]) < OLDEST_JAVA:
        is_old = f"{program} is not Java {OLDEST_JAVA} or newer"
        raise MissingProgram("java", "Java 17 and point JAVA_HOME at it", is_old)
    return program


def jars() -> Path:
    """The folder of the jars, fetched first if need be; one process at a time fetches.

    Raises `MissingProgram` without Maven and `NotFetched` if it fails.
    """
    folder = cache()
    lib = folder / "lib"
    if lib.is_dir():
        return lib
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder / "lock"):
        if not lib.is_dir():
            _fetch(folder, lib)
    return lib


def _fetch(folder: Path, lib: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise MissingProgram("mvn", "Maven (Debian: maven)")
    draft = folder / "lib.draft"
    shutil.rmtree(draft, ignore_errors=True)
    command = [maven, "-q", "-B", "-f", str(POM), "dependency:copy-dependencies"]
    command += ["-DincludeScope=runtime", f"-DoutputDirectory={draft}"]
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise NotFetched(folder, f"Maven was not done after {PATIENCE:.0f} seconds.") from late
    said = (done.stdout + done.stderr)[-2000:]
    if done.returncode != 0 or not list(draft.glob(f"neo4j-server-{version()}.jar")):
        raise NotFetched(folder, said)
    draft.rename(lib)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold `lock`; it falls with the process, however that ends."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
