"""What the command line refuses by itself; every message says what to do."""

from pathlib import Path


class HuanchaError(Exception):
    """Root of everything `huancha` raises on purpose."""


class NotAWorkspace(HuanchaError):
    """The workspace that was named is a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"{path} is a file: name a folder as the workspace.")


class BadSetting(HuanchaError):
    """An environment variable holds a value that cannot be used."""

    def __init__(self, name: str, why: str) -> None:
        self.name = name
        self.why = why
        super().__init__(f"{name} cannot be used ({why}): correct it or unset it.")


class NoWorld(HuanchaError):
    """The synthetic office cannot be written there."""

    def __init__(self, folder: Path, why: str) -> None:
        self.folder = folder
        self.why = why
        super().__init__(f"No synthetic office in {folder}: {why}.")


class NoServer(HuanchaError):
    """A command on a graph server was given none."""

    def __init__(self) -> None:
        super().__init__("No graph server is named: give --graph, or set HUANCHA_GRAPH.")


class PortTaken(HuanchaError):
    """Another program answers on the port."""

    def __init__(self, port: int) -> None:
        self.port = port
        super().__init__(f"Port {port} of 127.0.0.1 is taken: choose another with --port.")


class NoSignIn(HuanchaError):
    """People could not sign in to the dashboard as the settings say."""

    def __init__(self, sign_in: str, why: str) -> None:
        self.sign_in = sign_in
        self.why = why
        super().__init__(f"Nobody could sign in by {sign_in}: {why}.")


class NoDashboard(HuanchaError):
    """The dashboard's server ended, or did not answer in time."""

    def __init__(self, port: int, why: str) -> None:
        self.port = port
        self.why = why
        super().__init__(
            f"The dashboard does not answer on 127.0.0.1:{port} ({why}): see the lines above."
        )


class DemoBusy(HuanchaError):
    """Another demo is being made in the same folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(f"Another demo is being made in {folder}: wait, or choose --folder.")


class NotADemo(HuanchaError):
    """The workspace named for the demo holds an office's own tables."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        super().__init__(
            f"{workspace} holds tables that are not the demo's: name another workspace for it."
        )
