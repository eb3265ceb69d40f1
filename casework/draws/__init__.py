"""双随机: places to inspect and their inspectors, drawn from pools by a public seed, for anybody to recompute."""

from casework.draws.ledger import Draw, draw, draws, prepare, recuse, run
from casework.draws.pool import places_of
from casework.draws.rules import Inspection, Place, Pool, Recusal, drawn, fingerprint, share_of

__all__ = [
    "Draw",
    "Inspection",
    "Place",
    "Pool",
    "Recusal",
    "draw",
    "drawn",
    "draws",
    "fingerprint",
    "places_of",
    "prepare",
    "recuse",
    "run",
    "share_of",
]
