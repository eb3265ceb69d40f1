"""`make neo4j` and `make neo4j-stop`: one Neo4j on loopback for a developer, in a folder git ignores.

python -m tools.neo4j start | stop | fetch | fetch-gds. The folder is `.neo4j` here, or `HUANCHA_NEO4J_HOME`.
Data and password last until `stop`, which removes both.
"""

import argparse
import os
import sys
from pathlib import Path

from tools.neo4j.errors import Neo4jError
from tools.neo4j.jars import GDS, jars, version
from tools.neo4j.server import Server


def home() -> Path:
    """The developer's server lives here."""
    return Path(os.environ.get("HUANCHA_NEO4J_HOME") or Path(__file__).parents[2] / ".neo4j")


def start(folder: Path) -> None:
    """Start the server, or find the one that runs, and say how to reach and end it."""
    secret = folder / "password"
    server = Server(folder, tied=False, password=_known(secret))
    if not server.pid:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(server.password)
        jars()
        server.start()
    print(f"Neo4j {version()} Community, process {server.pid}")
    print(f"address   {server.uri}")
    print(f"user      {server.user}")
    print(f"password  {server.password}")
    print(f"log       {server.log}")
    print("make neo4j-stop ends it and removes its data.")


def stop(folder: Path) -> None:
    """End the server and remove its folder; also what a machine that went down left of one."""
    server = Server(folder, tied=False)
    was = server.pid
    server.stop()
    (folder / "password").unlink(missing_ok=True)
    server.remove()
    print(
        f"Neo4j (process {was}) has ended; its data is removed." if was else "No Neo4j was running."
    )


def _known(secret: Path) -> str | None:
    try:
        return secret.read_text("utf-8") or None
    except FileNotFoundError:
        return None


def main() -> int:
    """Do what the command line asks; 1 and one sentence if it cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m tools.neo4j", description=__doc__)
    parser.add_argument("what", choices=("start", "stop", "fetch", "fetch-gds"))
    what = parser.parse_args().what
    try:
        if what == "fetch":
            print(jars())
        elif what == "fetch-gds":
            print(jars(GDS))
        else:
            {"start": start, "stop": stop}[what](home())
    except Neo4jError as wrong:
        print(f"neo4j: {wrong}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
