"""A child process that ends with the process that started it, even with one killed outright."""

import ctypes
import os
import signal
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def ending_with_us(by: signal.Signals) -> Callable[[], None]:
    """What a child calls between fork and exec (`preexec_fn`): the kernel sends it `by` when we end.

    Who is killed in the moment between a fork and that call would leave the child behind all the same, so it
    looks who its parent is and ends at once where that is no longer us. Linux only.
    """
    us = os.getpid()
    control = ctypes.CDLL(None).prctl

    def heed() -> None:
        control(_PR_SET_PDEATHSIG, by)
        if os.getppid() != us:
            os._exit(1)

    return heed
