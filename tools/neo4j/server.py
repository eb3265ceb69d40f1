"""A real Neo4j Community of our own: one process on loopback, with its own folder and password.

    with Server(folder) as server:
        driver = GraphDatabase.driver(server.uri, auth=server.auth)

For tests and developers; nothing of it is shipped. Works as neo4j's own start script does, without it.
"""

import hashlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from tools.neo4j.bolt import ask
from tools.neo4j.errors import AdminFailed, NotStarted, StillRunning
from tools.neo4j.jars import LTS, Release, archive, jars, java, plugins

USER = "neo4j"
DATABASE = "neo4j"
OPENED = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch",
          "java.base/java.util.concurrent")  # fmt: skip
QUICK = (
    "-XX:TieredStopAtLevel=1",
    "-XX:CompileThresholdScaling=0.2",
    "-XX:ReservedCodeCacheSize=240m",
)
FOLDERS = ("conf", "logs", "data", "plugins", "import", "run")
STARTING = 120.0
STOPPING = 40.0
PORTS_TRIED = 3
HASHED = 1024
"""How often a password is hashed."""


class Server:
    """One server over the folder `home`, which it makes if need be and never removes.

    heap, page_cache: as Neo4j writes them ("512m"). settings: further lines of neo4j.conf.
    options: further ones of Java; `QUICK` compiles less and sooner, for a server that lives for minutes;
    it keeps the room for compiled code that Java would cut to 48 MB, in which a Neo4j does not fit:
    queries then fail with `Out of space in CodeCache`, or are compiled over and over.
    password: that of a folder used before; a new folder gets a random one. release: which Neo4j.
    tied: the server dies with the thread that started it, however that ends (Linux; elsewhere only
    `stop` ends it). The port stays the same over restarts of one `Server`.
    """

    def __init__(
        self,
        home: Path,
        *,
        heap: str = "512m",
        page_cache: str = "128m",
        settings: Mapping[str, str] | None = None,
        options: Sequence[str] = (),
        password: str | None = None,
        tied: bool = True,
        release: Release = LTS,
    ) -> None:
        self.home = home.absolute()
        self.release = release
        self.user = USER
        self.database = DATABASE
        self.password = password or secrets.token_hex(12)
        self.heap, self.page_cache, self.tied = heap, page_cache, tied
        self.settings, self.options = dict(settings or {}), tuple(options)
        self._process: subprocess.Popen[bytes] | None = None
        found = self._running()
        self.port = int(found[1]) if found else 0

    @property
    def uri(self) -> str:
        """The address for a driver; `neo4j://` works on it as well as `bolt://`."""
        return f"bolt://127.0.0.1:{self.port}"

    @property
    def auth(self) -> tuple[str, str]:
        """User and password, as the driver takes them."""
        return self.user, self.password

    @property
    def log(self) -> Path:
        """What the server says. Beside it: `debug.log`, the longer story; `console.log`, Java's own."""
        return self.home / "logs" / "neo4j.log"

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs, whoever started it."""
        found = self._running()
        return found[0].pid if found else None

    def start(self) -> Self:
        """Start and wait until a query is answered.

        Raises `StillRunning`, `NotStarted`, and what fetching the jars raises.
        """
        if self.pid:
            raise StillRunning(self.home, self.pid)
        self._forget()
        chosen = self.port
        for _ in range(PORTS_TRIED - 1):
            try:
                return self._start_on(chosen or _free_port())
            except NotStarted as wrong:
                if chosen or "Address already in use" not in wrong.said:
                    raise
        return self._start_on(chosen or _free_port())

    def _start_on(self, port: int) -> Self:
        self.port = port
        self._configure()
        try:
            if not (self.home / "data" / "databases" / "system").exists():
                self._set_password()
            self._launch()
            self._wait()
        except BaseException:
            self.kill()
            self.port = 0
            raise
        return self

    def stop(self) -> None:
        """End it in order; killed if that takes more than 40 seconds. Nothing happens if it is down."""
        found = self._running()
        if found:
            found[0].terminate()
            _, left = psutil.wait_procs([found[0]], timeout=STOPPING)
            for process in left:
                process.kill()
        self._forget()

    def kill(self) -> None:
        """End it as a power cut would. Nothing happens if it is down."""
        found = self._running()
        if found:
            found[0].kill()
            psutil.wait_procs([found[0]], timeout=STOPPING)
        self._forget()

    def admin(self, *arguments: str, folder: Path | None = None) -> str:
        """Run a command of neo4j-admin on this server, in `folder`, and return what it says.

        Raises `AdminFailed`. Most commands want the server stopped.
        """
        command = [*self._java(), "org.neo4j.cli.AdminTool", *arguments]
        places = {"NEO4J_HOME": str(self.home), "NEO4J_CONF": str(self.home / "conf")}
        if not (self.home / "conf" / "neo4j.conf").exists():
            self._configure()
        done = subprocess.run(
            command, cwd=folder or self.home / "run", env=_environment() | places,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        said = done.stdout + done.stderr
        if done.returncode != 0:
            raise AdminFailed(" ".join(arguments[:2]), done.returncode, said)
        return said

    def import_folder(self, folder: Path) -> str:
        """Load the import files that huancha wrote into `folder`, as `import_full` does."""
        if self.pid:
            raise StillRunning(self.home, self.pid)
        return self.admin("database", "import", "full", DATABASE, "@import.args", folder=folder)

    def import_full(
        self, nodes: Sequence[str], relationships: Sequence[str] = (), *options: str
    ) -> str:
        """Load CSV files into the empty database, the server being stopped.

        nodes, relationships: as neo4j-admin takes them ("Patient=header.csv,rows.csv"). Raises
        `StillRunning`, `AdminFailed`.
        """
        if self.pid:
            raise StillRunning(self.home, self.pid)
        files = [f"--nodes={one}" for one in nodes]
        files += [f"--relationships={one}" for one in relationships]
        return self.admin("database", "import", "full", DATABASE, *options, *files)

    def remove(self) -> None:
        """Kill it and remove what it made; `home` too if nothing else is in it."""
        self.kill()
        for folder in FOLDERS:
            shutil.rmtree(self.home / folder, ignore_errors=True)
        if self.home.is_dir() and not any(self.home.iterdir()):
            self.home.rmdir()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _configure(self) -> None:
        lines = {
            "server.default_listen_address": "127.0.0.1",
            "server.bolt.listen_address": f"127.0.0.1:{self.port}",
            "server.bolt.advertised_address": f"127.0.0.1:{self.port}",
            "server.http.enabled": "false",
            "server.https.enabled": "false",
            "dbms.usage_report.enabled": "false",
            "server.memory.heap.max_size": self.heap,
            "server.memory.pagecache.size": self.page_cache,
            "db.tx_log.preallocate": "false",
            "internal.dbms.bolt.netty_server_shutdown_quiet_period": "0",
            **self._extended(),
            **self.settings,
        }
        for folder in FOLDERS:
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        text = "".join(f"{name}={value}\n" for name, value in lines.items())
        (self.home / "conf" / "neo4j.conf").write_text(text, "utf-8")

    def _set_password(self) -> None:
        """What `neo4j-admin dbms set-initial-password` writes, without a Java for it."""
        salt = secrets.token_bytes(32)
        hashed = hashlib.sha256(salt + self.password.encode()).digest()
        for _ in range(HASHED - 1):
            hashed = hashlib.sha256(hashed).digest()
        kept = self.home / "data" / "dbms" / "auth.ini"
        kept.parent.mkdir(parents=True, exist_ok=True)
        line = f"{USER}:SHA-256,{hashed.hex()},{salt.hex()},{HASHED}:\n"
        kept.write_text(line, "utf-8")

    def _extended(self) -> dict[str, str]:
        folder = plugins(self.release)
        if folder is None:
            return {}
        allowed = {"dbms.security.procedures.unrestricted": "gds.*"}
        return {"server.directories.plugins": str(folder), **allowed}

    def _java(self) -> list[str]:
        opened = [f"--add-opens={package}=ALL-UNNAMED" for package in OPENED]
        kept = archive(self.release)
        read = [f"-XX:SharedArchiveFile={kept}"] if kept.exists() else []
        flags = [
            "-XX:+UseSerialGC",
            f"-Xmx{self.heap}",
            "-Dio.netty.tryReflectionSetAccessible=true",
        ]
        return [
            java(self.release),
            *flags,
            *read,
            *self.options,
            *opened,
            "-cp",
            f"{jars(self.release)}/*",
        ]

    def _launch(self) -> None:
        command = [*self._java(), self.release.main]
        command += [f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}"]
        tie = shutil.which("setpriv") if self.tied else None
        if tie:
            command = [tie, "--pdeathsig", "KILL", *command]
        with (self.home / "logs" / "console.log").open("wb") as out:
            self._process = subprocess.Popen(
                command,
                cwd=self.home,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        made = psutil.Process(self._process.pid).create_time()
        record = {"pid": self._process.pid, "made": made, "port": self.port}
        self._record.write_text(json.dumps(record), "utf-8")

    def _wait(self) -> None:
        assert self._process
        ends = time.monotonic() + STARTING
        why = ""
        while time.monotonic() < ends:
            if self._process.poll() is not None:
                raise NotStarted(self.home, f"ended with {self._process.returncode}", self._tail())
            why = ask(self.port, *self.auth)
            if not why:
                return
            time.sleep(0.1)
        late = f"did not answer within {STARTING:.0f} seconds ({why})"
        raise NotStarted(self.home, late, self._tail())

    def _tail(self) -> str:
        logs = (self.log, self.log.with_name("console.log"))
        return "".join(log.read_text("utf-8", "replace")[-2000:] for log in logs if log.exists())

    @property
    def _record(self) -> Path:
        return self.home / "running.json"

    def _running(self) -> tuple[psutil.Process, int] | None:
        """The process that serves `home`, and its port. A number that now is another's is not it."""
        try:
            record = json.loads(self._record.read_text("utf-8"))
            found = psutil.Process(record["pid"])
            same = found.create_time() == record["made"]
            dead = found.status() == psutil.STATUS_ZOMBIE
        except (OSError, ValueError, psutil.NoSuchProcess):
            return None
        return (found, int(record["port"])) if same and not dead else None

    def _forget(self) -> None:
        if self._process:
            self._process.wait()
            self._process = None
        self._record.unlink(missing_ok=True)


def _environment() -> dict[str, str]:
    """Ours, without what would steer a Java or a Neo4j of the machine's own."""
    steered = ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH")
    return {
        name: value
        for name, value in os.environ.items()
        if name not in steered and not name.startswith("NEO4J_")
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
