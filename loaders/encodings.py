"""Bytes of a text export as UTF-8, whatever they were: plain or gzipped, UTF-8, GB18030 or UTF-16."""

import codecs
import gzip
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import numpy as np

from loaders.errors import UnreadableFile

BLOCK = 32 << 20
UNDECODABLE = "\uffff"
"""Stands for bytes that no character is known for; a noncharacter, so no real text holds it."""
_GZIP = b"\x1f\x8b"
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BINARY = (b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"7z\xbc\xaf", b"Rar!")


def _mark_undecodable(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return UNDECODABLE, error.end


codecs.register_error("huancha-undecodable", _mark_undecodable)


class Encoding(StrEnum):
    """How a file's characters are written."""

    UTF8 = "utf-8"
    GB18030 = "gb18030"


@dataclass(frozen=True)
class TextBlock:
    """Whole lines as UTF-8, each ended by a line feed. `damaged`: some bytes were no characters."""

    text: bytes
    damaged: bool
    done: int


class NotUtf8(Exception):
    """Bytes that are not UTF-8 turned up in a file taken for UTF-8 so far."""


def _open(path: Path, raw: BinaryIO) -> BinaryIO:
    head = raw.read(2)
    raw.seek(0)
    if head == _GZIP:
        return gzip.GzipFile(fileobj=raw, mode="rb")  # type: ignore[return-value]
    return raw


def _raw_blocks(path: Path, file: str, size: int) -> Iterator[tuple[bytes, int]]:
    """Whole lines of a file (the last may lack its line feed), with the bytes of it used so far."""
    with path.open("rb") as raw:
        stream = _open(path, raw)
        while True:
            try:
                chunk = stream.read(size)
                if chunk and not chunk.endswith(b"\n"):
                    chunk += stream.readline()
            except EOFError as cut:
                advice = (
                    "It is cut short: have it sent or copied again, then load the folder again."
                )
                raise UnreadableFile(file, "truncated gzip", advice) from cut
            except (gzip.BadGzipFile, zlib.error, OSError) as broken:
                advice = "Have it sent or copied again, then load the folder again."
                raise UnreadableFile(file, str(broken), advice) from broken
            if not chunk:
                return
            yield chunk, raw.tell()


def _is_utf8(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def judged_encoding(path: Path, file: str) -> Encoding:
    """The encoding of a file for which `NotUtf8` was raised, decided over the whole file.

    Chinese text of one encoding read as the other is wrong nearly everywhere; damage is rare.
    Raises `UnreadableFile` when it is neither.
    """
    beyond_ascii = bad_utf8 = bad_gb18030 = 0
    for raw, _ in _raw_blocks(path, file, BLOCK):
        if not raw.isascii():
            beyond_ascii += int(np.count_nonzero(np.frombuffer(raw, np.uint8) > 127))
            bad_utf8 += raw.decode("utf-8", "huancha-undecodable").count(UNDECODABLE)
            bad_gb18030 += raw.decode("gb18030", "huancha-undecodable").count(UNDECODABLE)
    if 20 * bad_utf8 < beyond_ascii:
        return Encoding.UTF8
    if 5 * bad_gb18030 < beyond_ascii or bad_gb18030 < 10:
        return Encoding.GB18030
    advice = "Export it again as UTF-8 or GB18030."
    raise UnreadableFile(file, "its bytes are neither UTF-8 nor GB18030", advice)


def text_blocks(
    path: Path, file: str, encoding: Encoding | None, size: int = BLOCK
) -> Iterator[TextBlock]:
    """The lines of a text file in blocks of about `size` bytes; `file` is its name in messages.

    Without an `encoding`, byte order marks are looked for and UTF-8 is tried: `NotUtf8` says that it
    proved wrong, and `judged_encoding` what to read the file with. Raises `UnreadableFile` for
    truncated gzip, binary content, or bytes that are no text.
    """
    raws = _raw_blocks(path, file, size)
    first = next(raws, None)
    if first is None:
        return
    _refuse_binary(first[0], file)
    raws = chain([first], raws)
    utf16 = first[0].startswith(_UTF16_MARKS)
    returns: bool | None = None
    for block in _from_utf16(raws) if utf16 else _from_bytes(raws, encoding):
        if returns is None:
            returns = b"\n" not in block.text
        text = block.text.replace(b"\r", b"\n") if returns else block.text
        if text:
            yield replace(block, text=text if text.endswith(b"\n") else text + b"\n")


def _from_utf16(raws: Iterable[tuple[bytes, int]]) -> Iterator[TextBlock]:
    decoder = codecs.getincrementaldecoder("utf-16")("huancha-undecodable")
    rest, done = "", 0
    for raw, done in raws:
        text = rest + decoder.decode(raw)
        cut = text.rfind("\n") + 1
        rest = text[cut:]
        if cut:
            yield TextBlock(text[:cut].encode(), UNDECODABLE in text[:cut], done)
    yield TextBlock(rest.encode(), UNDECODABLE in rest, done)


def _from_bytes(
    raws: Iterable[tuple[bytes, int]], encoding: Encoding | None
) -> Iterator[TextBlock]:
    sure = encoding is not None
    for raw, done in raws:
        text = raw
        if raw.startswith(codecs.BOM_UTF8):
            text, encoding, sure = raw[3:], Encoding.UTF8, True
        yield TextBlock(*_as_utf8(text, encoding or Encoding.UTF8, sure), done)


def _as_utf8(raw: bytes, encoding: Encoding, sure: bool) -> tuple[bytes, bool]:
    if raw.isascii():
        return raw, False
    if encoding is Encoding.UTF8:
        if _is_utf8(raw):
            return raw, False
        if not sure:
            raise NotUtf8
    text = raw.decode(encoding, "huancha-undecodable")
    return text.encode(), UNDECODABLE in text


def _refuse_binary(raw: bytes, file: str) -> None:
    zeros = b"\0" in raw[:4096] and not raw.startswith(_UTF16_MARKS)
    if raw.startswith(_BINARY) or zeros:
        advice = "Export it again as CSV, Parquet or Excel, with the ending that says which."
        raise UnreadableFile(file, "not text", advice)
