"""What can go wrong in a load; every message says what to do."""

from pathlib import Path


class LoadError(Exception):
    """Root of everything `loaders` raises on purpose."""


class UnreadableFile(LoadError):
    """A table's file that cannot be read at all; nothing of its load is published."""

    def __init__(self, file: str, why: str, advice: str) -> None:
        self.file = file
        self.why = why
        self.advice = advice
        super().__init__(f"{file} cannot be read ({why}): {advice} Nothing was published.")


class NoHeading(UnreadableFile):
    """A file named like a table whose first line names none of its columns."""


class NoFolder(LoadError):
    """The folder to load is not there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(f"{folder} is no folder: name the folder that holds the exports.")


class NoExports(LoadError):
    """The folder holds no file of any table."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"{folder} holds no table's file: a file belongs to a table by its name, "
            "as in setl_d.csv or setl_d__2025-03.parquet."
        )


class BusyWorkspace(LoadError):
    """Another load writes to the workspace at this moment."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        super().__init__(f"{workspace} is being loaded into: wait until the other load has ended.")


class WrongKeys(LoadError):
    """`keys.json` is broken, or is not the one the vault was written with."""

    def __init__(self, file: Path, why: str) -> None:
        self.file = file
        self.why = why
        super().__init__(f"{file} does not open this workspace ({why}): put the right one back.")


class NoVaultTable(LoadError):
    """The vault of a snapshot does not hold the table asked for."""

    def __init__(self, snapshot: str, table: str) -> None:
        self.snapshot = snapshot
        self.table = table
        super().__init__(
            f"The vault of snapshot {snapshot} holds no {table}: load the exports again."
        )


class BadSource(LoadError):
    """A file under `loaders/sources/` does not say what it must."""

    def __init__(self, file: str, why: str) -> None:
        self.file = file
        self.why = why
        super().__init__(f"The source description {file} is wrong ({why}): correct it.")


class NothingToReplay(LoadError):
    """No open rejected row matches what was asked for."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        super().__init__(
            f"{workspace} holds no open rejected row to replay: list them with `huancha quarantine`."
        )


class BadCorrection(LoadError):
    """A corrected export of rejects that cannot be matched with the quarantine."""

    def __init__(self, file: Path, why: str) -> None:
        self.file = file
        self.why = why
        super().__init__(f"{file} is no corrected export ({why}): export the rejects again.")
