"""Numbers of records, as addresses name them."""

LONGEST = 9
"""Digits of a number that every store can hold."""


def number_of(text: str, prefix: str = "") -> int | None:
    """The number in `text` after `prefix` (`tip_3`); None for whatever no record could have as its number."""
    digits = text.removeprefix(prefix)
    whole = digits.isascii() and digits.isdigit() and len(digits) <= LONGEST
    return int(digits) if whole else None
