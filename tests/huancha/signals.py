"""Signals as a person at a terminal has them, however the tests were started."""

import signal


def heed_ctrl_c() -> None:
    """Undo the ignoring of Ctrl-C that a job started in the background hands down to its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
