"""Neo4j's classes as Java keeps them once read (class data sharing): a server that finds them starts in
half the processor time.

They lie beside the jars, for whatever server starts next. A Java that did not write them passes over them.
"""

import tempfile
from pathlib import Path

import psutil

from tools.neo4j.jars import alone, archive, cache, jars
from tools.neo4j.server import QUICK, Server

WRITING = 300.0


def keep_classes() -> None:
    """Have a server write down the classes it needs to start, unless that was done; one process does.

    Raises what fetching the jars and starting the server raise.
    """
    jars()
    with alone(cache() / "classes.lock"), tempfile.TemporaryDirectory() as home:
        if archive().exists():
            return
        draft = archive().with_suffix(".draft")
        draft.unlink(missing_ok=True)
        server = Server(Path(home), options=(*QUICK, f"-XX:ArchiveClassesAtExit={draft}"))
        try:
            process = psutil.Process(server.start().pid)
            process.terminate()
            if not psutil.wait_procs([process], timeout=WRITING)[1] and draft.exists():
                draft.rename(archive())
        finally:
            server.remove()
