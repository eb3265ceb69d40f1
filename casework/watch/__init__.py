"""After the sanction: what a new snapshot shows of the people and places that were sanctioned, as leads."""

from casework.watch.rules import Sign, Watched
from casework.watch.signs import watch

__all__ = ["Sign", "Watched", "watch"]
