"""Sealed bundles: files, a manifest and a signature in one zip that anybody can check without us."""

from casework.bundles.errors import BadCard, BadSealKey, BrokenBundle, NotSealable
from casework.bundles.keys import Card, SealKeys, fingerprint, is_fingerprint, read_card, seal_keys
from casework.bundles.manifest import Facts, Manifest, Part
from casework.bundles.sealing import seal
from casework.bundles.verifying import Checked, Fault, Line, verify

__all__ = [
    "BadCard",
    "BadSealKey",
    "BrokenBundle",
    "Card",
    "Checked",
    "Facts",
    "Fault",
    "Line",
    "Manifest",
    "NotSealable",
    "Part",
    "SealKeys",
    "fingerprint",
    "is_fingerprint",
    "read_card",
    "seal",
    "seal_keys",
    "verify",
]
