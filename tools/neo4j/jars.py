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
from dataclasses import dataclass
from pathlib import Path

from tools.neo4j.errors import MissingProgram, NotFetched

PATIENCE = 900.0
JVMS = Path("/usr/lib/jvm")


@dataclass(frozen=True)
class Release:
    """A version of Neo4j: the file that names its jars, the oldest Java for it, its main class.

    `plugins` is the group of the jars that go to the server's plugins too.
    """

    pom: str
    oldest_java: int
    main: str
    plugins: str | None = None


LTS = Release("pom.xml", 17, "org.neo4j.server.CommunityEntryPoint")
GDS = Release("pom-gds.xml", 21, "org.neo4j.server.Neo4jCommunity", "org.neo4j.gds")


def version(release: Release = LTS) -> str:
    """The version of Neo4j that the release's file names."""
    text = Path(__file__).with_name(release.pom).read_text("utf-8")
    found = re.search(r"<neo4j\.version>([\w.-]+)</neo4j\.version>", text)
    assert found, f"{release.pom} names no version"
    return found[1]


def cache(release: Release = LTS) -> Path:
    """The cache folder; it need not exist. A named one holds other releases in folders of their own."""
    named = os.environ.get("HUANCHA_NEO4J_CACHE")
    if named:
        folder = Path(named).absolute()
        return folder if release is LTS else folder / f"neo4j-{version(release)}"
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "huancha" / f"neo4j-{version(release)}"


def java(release: Release = LTS) -> str:
    """The java to run: of `JAVA_HOME`, else of the path, else of the system's folder of them.

    For the LTS only the first two count, so that what a developer chose is what runs. Raises
    `MissingProgram` where none is new enough.
    """
    home, oldest = os.environ.get("JAVA_HOME"), release.oldest_java
    program = shutil.which("java", path=f"{home}/bin" if home else None)
    others = [] if release is LTS else sorted(map(str, JVMS.glob("*/bin/java")))
    found = [one for one in (program, *others) if one and _java_version(one) >= oldest]
    if found:
        return found[0]
    if program is None:
        package = f"a Java {oldest} runtime (Debian: default-jre-headless)"
        raise MissingProgram("java", package)
    is_old = f"{program} is not Java {oldest} or newer"
    raise MissingProgram("java", f"Java {oldest} and point JAVA_HOME at it", is_old)


def _java_version(program: str) -> int:
    told = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    return int(found[1]) if found else 0


def jars(release: Release = LTS) -> Path:
    """The folder of the jars, fetched first if need be; one process at a time fetches.

    Raises `MissingProgram` without Maven and `NotFetched` if it fails.
    """
    folder = cache(release)
    lib = folder / "lib"
    if lib.is_dir():
        return lib
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder / "lock"):
        if not lib.is_dir():
            _fetch(release, folder, lib)
    return lib


def archive(release: Release = LTS) -> Path:
    """The file of the classes that a Java read from the jars, if there is one: `tools.neo4j.archive`."""
    return cache(release) / "unsigned.jsa"


def plugins(release: Release) -> Path | None:
    """The folder of the release's plugins, if it has any; it is there once `jars` has returned."""
    return jars(release).with_name("plugins") if release.plugins else None


def _fetch(release: Release, folder: Path, lib: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise MissingProgram("mvn", "Maven (Debian: maven)")
    if release.plugins:
        only = f"-DincludeGroupIds={release.plugins}"
        _copy(maven, release, folder / "plugins", "proc-*.jar", only)
    draft = folder / "lib.draft"
    _copy(maven, release, draft, f"neo4j-server-{version(release)}.jar")
    draft.rename(lib)


def _copy(maven: str, release: Release, target: Path, proof: str, *options: str) -> None:
    shutil.rmtree(target, ignore_errors=True)
    pom = Path(__file__).with_name(release.pom)
    command = [maven, "-q", "-B", "-f", str(pom), "dependency:copy-dependencies"]
    command += ["-DincludeScope=runtime", f"-DoutputDirectory={target}", *options]
    try:
        done = subprocess.run(
            command,
            cwd=target.parent,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        why = f"Maven was not done after {PATIENCE:.0f} seconds."
        raise NotFetched(target.parent, why) from late
    said = (done.stdout + done.stderr)[-2000:]
    if done.returncode != 0 or not list(target.glob(proof)):
        raise NotFetched(target.parent, said)


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Hold `lock`; it falls with the process, however that ends."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
