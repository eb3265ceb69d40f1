"""Blind ids by the hundred thousand: `graph.ids.blind_id`, set-wise."""

import numpy as np
import pyarrow as pa

from graph.duck import Connection
from graph.ids import ID_LENGTH, Prefix

_LETTERS = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", np.uint8)
_PLACES = np.array([16, 8, 4, 2, 1], np.uint8)
_HASH_BLOCK = 64


def blind_ids(connection: Connection, key: bytes, prefix: Prefix, codes: str) -> pa.Table:
    """The blind ids (column `id`) of a query's text column `code`, beside it.

    The same as `graph.ids.blind_id` on every row: HMAC-SHA-256 spelled out as its two hashes.
    """
    padded = key.ljust(_HASH_BLOCK, b"\0")
    rows = connection.sql(
        "SELECT code, unhex(sha256($outer || unhex(sha256($inner || encode($prefix || code))))) AS digest"
        f" FROM ({codes})",
        params={
            "outer": bytes(byte ^ 0x5C for byte in padded),
            "inner": bytes(byte ^ 0x36 for byte in padded),
            "prefix": f"{prefix}\x1f",
        },
    ).to_arrow_table()
    ids = [_written(prefix, chunk) for chunk in rows["digest"].chunks]
    return pa.table({"code": rows["code"], "id": pa.chunked_array(ids, pa.string())})


def _written(prefix: Prefix, digests: pa.Array) -> pa.Array:
    """`prefix_` and the first 100 bits of each digest in base32, small letters."""
    count = len(digests)
    if not count:
        return pa.array([], pa.string())
    raw = np.frombuffer(digests.buffers()[2], np.uint8)[digests.offset * 32 :][: count * 32]
    bits = np.unpackbits(raw.reshape(count, 32)[:, :13], axis=1)[:, : 5 * ID_LENGTH]
    letters = _LETTERS[bits.reshape(count, ID_LENGTH, 5) @ _PLACES]
    head = np.frombuffer(f"{prefix}_".encode(), np.uint8)
    whole = np.concatenate([np.broadcast_to(head, (count, len(head))), letters], axis=1)
    width = whole.shape[1]
    offsets = np.arange(0, (count + 1) * width, width, dtype=np.int32)
    return pa.StringArray.from_buffers(
        count, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(whole))
    )
