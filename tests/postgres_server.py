"""A throw-away PostgreSQL on a socket, from Debian's package: one per worker that needs one, gone at the end."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from glob import glob
from itertools import count
from pathlib import Path

import psycopg
import pytest

QUICK = "-c listen_addresses='' -c fsync=off -c full_page_writes=off -c shared_buffers=16MB"
ACCOUNT = "postgres"
"""Whom the server runs as where the tests run as root, which PostgreSQL refuses."""


class Schemas:
    """A running server; `new` gives the address of an empty schema of it, which is cheaper than a database."""

    def __init__(self, folder: Path, owner: str) -> None:
        self._folder, self._owner, self._numbers = folder, owner, count(1)

    def new(self) -> str:
        name = f"test{next(self._numbers)}"
        server = f"host={self._folder} user={self._owner} dbname=postgres"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}")
        return (
            f"postgresql://{self._owner}@/postgres?host={self._folder}"
            f"&options=-csearch_path%3D{name}"
        )


@pytest.fixture(scope="session")
def postgres() -> Iterator[Schemas]:
    """A running server. Where PostgreSQL is not installed the tests say so, which in CI is a failure."""
    installed = os.environ.get("HUANCHA_POSTGRESQL", "/usr/lib/postgresql/*/bin")
    programs = sorted(map(Path, glob(f"{installed}/initdb")))
    if not programs:
        pytest.skip("not run: PostgreSQL is not installed (Debian: postgresql)")
    account = ACCOUNT if os.geteuid() == 0 else None
    owner = account or pwd.getpwuid(os.geteuid()).pw_name
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    if account:
        shutil.chown(folder, account)

    def run(program: str, *arguments: str) -> None:
        command = [programs[-1].with_name(program), *arguments]
        subprocess.run(command, check=True, cwd=folder, user=account, stdout=subprocess.DEVNULL)

    files, options = str(folder / "files"), f"-k {folder} {QUICK}"
    try:
        run("initdb", "-D", files, "--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C")
        run("pg_ctl", "-D", files, "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield Schemas(folder, owner)
        finally:
            run("pg_ctl", "-D", files, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)
