"""One call of the command line from its arguments to its exit code; every error becomes one sentence."""

import errno
import os
import sys
import traceback
from collections.abc import Sequence
from functools import cache

from typer.exceptions import TyperException
from typer.main import get_command

from casework.errors import CaseworkError
from graph.errors import GraphError
from huancha.commands import app
from huancha.commands.output import ReaderGone, complain, hush_stdout
from huancha.errors import BadSetting, HuanchaError
from huancha.settings import read_settings
from loaders.errors import LoadError

EXIT_DONE = 0
EXIT_REFUSED = 1
EXIT_USAGE = 2

_built = cache(get_command)
"""All commands, built once; calling `app` builds them anew."""

_ADVICE = {
    errno.ENOSPC: "free some space and run it again; nothing half-written is ever used.",
    errno.EDQUOT: "free some space and run it again; nothing half-written is ever used.",
    errno.EACCES: "give yourself the permission, or name another path.",
    errno.EPERM: "give yourself the permission, or name another path.",
    errno.EROFS: "name a path that can be written to.",
    errno.ENOENT: "check the path.",
    errno.ENOTDIR: "name a folder.",
    errno.EISDIR: "name a file.",
    errno.EEXIST: "name another path.",
}


def run(arguments: Sequence[str]) -> int:
    """Run one command; its exit code. Whatever goes wrong is one sentence on stderr.

    Ctrl+C gives 130, or KeyboardInterrupt where the command line was not yet read.
    """
    debug = False
    try:
        debug = read_settings().debug
        code = _built(app)(args=list(arguments), standalone_mode=False, prog_name="huancha")
        sys.stdout.flush()
    except (ReaderGone, BrokenPipeError):
        hush_stdout()
        return EXIT_DONE
    except TyperException as wrong:
        complain(f"{_one_line(wrong.format_message())} See `huancha --help`.")
        return wrong.exit_code
    except BadSetting as wrong:
        complain(str(wrong))
        return EXIT_USAGE
    except (CaseworkError, GraphError, LoadError, HuanchaError) as refused:
        complain(str(refused))
        return EXIT_REFUSED
    except Exception as unexpected:
        if debug:
            traceback.print_exc()
        complain(explained(unexpected))
        hush_stdout()
        return EXIT_REFUSED
    return code if isinstance(code, int) else EXIT_DONE


def explained(error: Exception) -> str:
    """One sentence on an error nobody foresaw.

    The system's own refusals are told with their path; of all others only the type, because their
    text may hold rows of people.
    """
    if isinstance(error, OSError) and error.errno is not None:
        where = f"{os.fspath(error.filename)!s}: " if error.filename else ""
        advice = _ADVICE.get(error.errno, "put that right and run it again.")
        return f"{where}{error.strerror}: {advice}"
    text = str(error)
    if "No space left on device" in text:
        return f"No space left on device: {_ADVICE[errno.ENOSPC]}"
    if isinstance(error, MemoryError) or text.startswith("Out of Memory"):
        return "There is not enough memory: close other programs and run it again."
    return (
        f"Internal error ({type(error).__name__}): run it again with HUANCHA_DEBUG=1 to see where, "
        "and report that."
    )


def _one_line(message: str) -> str:
    text = " ".join(message.split())
    return text if text.endswith((".", "?")) else f"{text}."
