"""Why a job is refused or did not succeed; each becomes a row's `fault`."""

import errno
from pathlib import Path

from huancha.errors import HuanchaError
from huancha.jobs.job import Fault


class JobError(HuanchaError):
    """Root of what jobs raise on purpose."""


class Cancelled(JobError):
    """The job was asked to stop, and did before anything was published."""

    def __init__(self) -> None:
        super().__init__("The job was cancelled: nothing was published.")


class FolderNotAllowed(JobError):
    """The folder lies in none of the folders that screens may load from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"{folder} may not be loaded from the screen: name a folder above it in HUANCHA_LOAD_ROOTS."
        )


class BadParameter(JobError):
    """A threshold of the scan is unknown or outside its bounds."""

    def __init__(self, name: str, value: object) -> None:
        self.name = name
        self.value = value
        super().__init__(f"{name} = {value} cannot be used: choose a value within its bounds.")


class WorkerThere(JobError):
    """Another worker does this workspace's jobs."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        super().__init__(f"Another worker does the jobs of {workspace}: leave them to it.")


WORKER_GONE = Fault(
    "worker_gone", "The worker ended while the job ran; nothing was published: run it again."
)
STOPPED = Fault(
    "stopped", "The worker was stopped while the job ran; nothing was published: run it again."
)


def ended(code: int) -> Fault:
    """The fault of a job whose process ended by itself with `code`, saying nothing."""
    facts = {"exit": str(code)}
    if code == -9:
        said = "The job was killed, most likely for lack of memory: close other programs and run it again."
        return Fault("killed", said, facts)
    return Fault("ended", f"The job's process ended with {code}: run it again.", facts)


def fault_of(error: Exception, sentence: str) -> Fault:
    """`error` as a fault: its class is the code, its attributes are the facts; `sentence` as the command line says it."""
    text = str(error)
    if isinstance(error, MemoryError) or text.startswith("Out of Memory"):
        return Fault("no_memory", sentence)
    if "No space left on device" in text or getattr(error, "errno", None) == errno.ENOSPC:
        return Fault("no_space", sentence)
    if isinstance(error, OSError):
        return Fault("os", sentence, {"file": str(error.filename or "")})
    facts = {
        name: str(value)
        for name, value in vars(error).items()
        if isinstance(value, str | int | float | Path)
    }
    return Fault(type(error).__name__, sentence, facts)
