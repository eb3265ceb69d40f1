"""Sealed bundles: files, a manifest and a signature in one zip that anybody can check without us."""

from casework.bundles.errors import BadCard, BadSealKey, NotSealable
from casework.bundles.keys import Card, SealKeys, fingerprint, is_fingerprint, read_card, seal_keys

__all__ = [
    "BadCard",
    "BadSealKey",
    "Card",
    "NotSealable",
    "SealKeys",
    "fingerprint",
    "is_fingerprint",
    "read_card",
    "seal_keys",
]
