"""What can go wrong with a Neo4j of our own; each says what to do."""

from pathlib import Path


class Neo4jError(Exception):
    """The root: a server of our own could not be had, started or used."""


class MissingProgram(Neo4jError):
    """`program` (java, mvn) is not installed, or too old to use."""

    def __init__(self, program: str, package: str, found: str = "none was found") -> None:
        self.program = program
        super().__init__(
            f"{program} is needed and {found}: run `make system`, or install {package}."
        )


class NotFetched(Neo4jError):
    """Maven did not bring the jars into `folder`; `said` is the end of what it wrote."""

    def __init__(self, folder: Path, said: str) -> None:
        self.folder, self.said = folder, said
        super().__init__(
            f"Neo4j's jars could not be fetched into {folder}: check Maven's settings and the"
            f" network, or fill the folder from another machine.\n{said}"
        )


class NotStarted(Neo4jError):
    """The server on `home` ended, or did not answer in time; `said` is the end of its log."""

    def __init__(self, home: Path, why: str, said: str) -> None:
        self.home, self.said = home, said
        super().__init__(f"Neo4j in {home} {why}. The end of its log:\n{said}")


class StillRunning(Neo4jError):
    """Process `pid` serves `home` and must be stopped first."""

    def __init__(self, home: Path, pid: int) -> None:
        self.home, self.pid = home, pid
        super().__init__(f"Neo4j in {home} is running (process {pid}): stop it first.")


class AdminFailed(Neo4jError):
    """An admin command ended with `code`; `said` is what it wrote."""

    def __init__(self, command: str, code: int, said: str) -> None:
        self.command, self.code, self.said = command, code, said
        super().__init__(f"neo4j-admin {command} failed with {code}:\n{said}")
