"""Codes as offices write them, built whole columns at a time.

A column of equally long texts is a matrix of bytes (rows × characters, uint8); `text` makes it
an Arrow string array without touching a row in Python.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Array = npt.NDArray[Any]

_ID_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)
_ID_CHECK = np.frombuffer(b"10X98765432", dtype=np.uint8)
_USCC_ALPHABET = np.frombuffer(b"0123456789ABCDEFGHJKLMNPQRTUWXY", dtype=np.uint8)
_USCC_WEIGHTS = np.array([pow(3, i, 31) for i in range(17)], dtype=np.int64)
# An odd factor not divisible by 5 permutes the 13-digit serials.
_TRACE_FACTOR = 7_368_787_141_803
_TRACE_MODULUS = 10**13


def digits(values: Array, width: int) -> Array:
    """Whole numbers as zero-padded decimal digits, shape (n, width)."""
    rest = np.asarray(values, dtype=np.int64).copy()
    out = np.empty((len(rest), width), dtype=np.uint8)
    for column in range(width - 1, -1, -1):
        rest, digit = np.divmod(rest, 10)
        out[:, column] = digit + 48
    return out


def joined(rows: int, *parts: bytes | Array) -> Array:
    """Constant bytes and matrices side by side."""
    columns = [
        np.tile(np.frombuffer(part, dtype=np.uint8), (rows, 1)) if isinstance(part, bytes) else part
        for part in parts
    ]
    return np.concatenate(columns, axis=1)


def text(matrix: Array, present: Array | None = None) -> pa.Array:
    """An Arrow string array of the rows; rows not `present` become empty strings."""
    rows, width = matrix.shape
    if present is None:
        lengths = np.full(rows, width, dtype=np.int32)
    else:
        lengths = np.where(present, width, 0).astype(np.int32)
        matrix = matrix[present]
    offsets = np.zeros(rows + 1, dtype=np.int32)
    np.cumsum(lengths, out=offsets[1:])
    content = pa.py_buffer(np.ascontiguousarray(matrix).tobytes())
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets.tobytes()), content)


def money(fen: Array) -> pa.Array:
    """Fen as yuan with two decimals, text."""
    cents = np.ascontiguousarray(fen, dtype=np.int64)
    words = np.empty((len(cents), 2), dtype=np.int64)
    words[:, 0] = cents
    words[:, 1] = np.where(cents < 0, -1, 0)
    kind = pa.decimal128(16, 2)
    return pa.Array.from_buffers(kind, len(cents), [None, pa.py_buffer(words.tobytes())]).cast(
        pa.string()
    )


def identity_numbers(area: Array, birth: Array, order: Array) -> Array:
    """GB 11643 numbers, shape (n, 18), from area code, birth date as yyyymmdd and serial 0–999.

    The serial's last digit is odd for men; the check digit is computed here.
    """
    body = np.concatenate([digits(area, 6), digits(birth, 8), digits(order, 3)], axis=1)
    check = ((body.astype(np.int64) - 48) @ _ID_WEIGHTS) % 11
    return np.concatenate([body, _ID_CHECK[check][:, None]], axis=1)


def credit_codes(area: Array, serial: Array) -> Array:
    """GB 32100 unified social credit codes, shape (n, 18), for enterprises (91) of an area."""
    rows = len(area)
    values = np.empty((rows, 17), dtype=np.int64)
    values[:, 0], values[:, 1] = 9, 1
    values[:, 2:8] = digits(area, 6).astype(np.int64) - 48
    rest = np.asarray(serial, dtype=np.int64).copy()
    for column in range(16, 7, -1):
        rest, values[:, column] = np.divmod(rest, 31)
    check = (31 - (values @ _USCC_WEIGHTS) % 31) % 31
    return np.concatenate([_USCC_ALPHABET[values], _USCC_ALPHABET[check][:, None]], axis=1)


def trace_codes(item: Array, serial: Array) -> Array:
    """追溯码, 20 digits: 7 for the product, 13 for the single box; equal serials, equal codes."""
    product = 8_100_000 + (np.asarray(item, dtype=np.int64) * 7919) % 899_999
    rest = np.asarray(serial, dtype=np.int64)
    scrambled = np.zeros(len(rest), dtype=np.int64)
    factor = _TRACE_FACTOR
    # Four digits at a time: the whole product would exceed 63 bits.
    for _ in range(4):
        scrambled = (scrambled + rest % 10**4 * factor) % _TRACE_MODULUS
        rest = rest // 10**4
        factor = factor * 10**4 % _TRACE_MODULUS
    return np.concatenate([digits(product, 7), digits(scrambled, 13)], axis=1)


def phones(numbers: Array) -> Array:
    """Eleven digits as stored."""
    return digits(numbers, 11)


def draw_phones(rng: np.random.Generator, count: int) -> Array:
    """Mobile numbers 1[3-9] and nine digits, as integers."""
    prefix = rng.integers(3, 10, count)
    return 10**10 + prefix * 10**9 + rng.integers(0, 10**9, count)


def draw_accounts(rng: np.random.Generator, count: int) -> Array:
    """Bank accounts of 19 digits beginning with 62, as integers."""
    return 62 * 10**17 + rng.integers(0, 10**17, count)
