"""The zip of a bundle, byte by byte: files stored as they are, one after another, and nothing else.

What a zip library writes changes with its version; these bytes do not, so that a bundle built again is the same and
one that is not exactly so was touched. Layout: PKWARE APPNOTE 6.3.10 §4.3, without zip64.
"""

import re
import struct
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_VERSION = 20
_UNIX = 3 << 8
_UTF8 = 1 << 11
_PLAIN_FILE = 0o100644 << 16
MOST_BYTES = 1 << 31
MOST_FILES = 60_000
LONGEST_NAME = 255
CHUNK = 1 << 20
_UNSAFE = re.compile(r'[\\:*?"<>|]|(?:^|/)\.{0,2}(?:/|$)|[ .](?:/|$)')


@dataclass(frozen=True)
class Entry:
    """A file of the zip: size in bytes and CRC-32."""

    name: str
    size: int
    crc: int


def why_not(sizes: Mapping[str, int]) -> str | None:
    """Why files of these names and sizes are no bundle that every system can unpack; None: they may be one."""
    for name in sizes:
        if not _is_safe(name):
            return f"not every system can unpack a file named {name!r}"
    if len({name.casefold() for name in sizes}) < len(sizes):
        return "two files have one name where capitals do not count"
    if len(sizes) > MOST_FILES or sum(sizes.values()) > MOST_BYTES:
        return "it is too large"
    return None


def local_header(entry: Entry, at: datetime) -> bytes:
    """What stands before the bytes of a file; `at` is the time that every entry has."""
    name = entry.name.encode()
    return _LOCAL.pack(b"PK\3\4", *_common(entry, at, name)) + name


def closing(entries: Iterable[Entry], at: datetime) -> bytes:
    """What stands behind the last file: the directory of all and its end."""
    lines, offset = [], 0
    for entry in entries:
        name = entry.name.encode()
        common = _common(entry, at, name)
        lines.append(
            _CENTRAL.pack(b"PK\1\2", _UNIX | _VERSION, *common, 0, 0, 0, _PLAIN_FILE, offset) + name
        )
        offset += len(local_header(entry, at)) + entry.size
    directory = b"".join(lines)
    end = _END.pack(b"PK\5\6", 0, 0, len(lines), len(lines), len(directory), offset, 0)
    return directory + end


def size_of_first(header: bytes) -> int:
    """The size that the first header of a zip states; 0 where `header` is none."""
    return int(_LOCAL.unpack(header)[8]) if len(header) == _LOCAL.size else 0


def stated(header: bytes, name: str, size: int, at: datetime) -> Entry | None:
    """The entry whose header this is, with the CRC-32 it states; None where it is not that of `name`."""
    if len(header) != header_size(name):
        return None
    entry = Entry(name, size, int(_LOCAL.unpack_from(header)[6]))
    return entry if header == local_header(entry, at) else None


def header_size(name: str) -> int:
    """Bytes of a file's header."""
    return _LOCAL.size + len(name.encode())


def chunks(file: BinaryIO, size: int) -> Iterator[bytes]:
    """The next `size` bytes of `file`, fewer where it ends before."""
    while size > 0 and (chunk := file.read(min(size, CHUNK))):
        size -= len(chunk)
        yield chunk


def _is_safe(name: str) -> bool:
    return (
        0 < len(name.encode(errors="replace")) <= LONGEST_NAME
        and unicodedata.is_normalized("NFC", name)
        and _UNSAFE.search(name) is None
        and not any(unicodedata.category(letter).startswith("C") for letter in name)
    )


def _common(entry: Entry, at: datetime, name: bytes) -> tuple[int, ...]:
    day = (at.year - 1980) << 9 | at.month << 5 | at.day
    time = at.hour << 11 | at.minute << 5 | at.second // 2
    return _VERSION, _UTF8, 0, time, day, entry.crc, entry.size, entry.size, len(name), 0
