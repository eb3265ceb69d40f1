"""Neo4j's classes as Java keeps them once read (class data sharing): a server that finds them starts in
half the processor time.

They lie beside the jars, for whatever server starts next. A Java that did not write them passes over them.
"""

import re
import tempfile
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import psutil

from tools.neo4j.jars import alone, archive, cache, jars
from tools.neo4j.server import QUICK, Server

WRITING = 300.0
SIGNATURE = re.compile(r"META-INF/[^/]+\.(SF|RSA|DSA|EC)")


def keep_classes() -> None:
    """Have a server write down the classes it needs to start, unless that was done; one process does.

    Raises what fetching the jars and starting the server raise.
    """
    lib = jars()
    with alone(cache() / "classes.lock"), tempfile.TemporaryDirectory() as home:
        if archive().exists():
            return
        for jar in lib.glob("*.jar"):
            _unsign(jar)
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


def _unsign(jar: Path) -> None:
    """Take the signatures out of a jar: Java checks a signed one at each start and keeps none of its classes."""
    with ZipFile(jar) as signed:
        if not any(map(SIGNATURE.fullmatch, signed.namelist())):
            return
        draft = jar.with_suffix(".draft")
        with ZipFile(draft, "w", ZIP_DEFLATED) as unsigned:
            for entry in signed.infolist():
                if not SIGNATURE.fullmatch(entry.filename):
                    unsigned.writestr(entry, signed.read(entry))
    draft.replace(jar)
