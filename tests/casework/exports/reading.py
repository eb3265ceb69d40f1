"""All the text a file holds, whatever it is packed in."""

import codecs
import zipfile
from collections.abc import Iterable
from html import unescape
from pathlib import Path


def everything(files: Iterable[Path]) -> str:
    """The text of `files`, packed ones opened, with XML's escapes as the characters they stand for."""
    parts = []
    for file in files:
        parts.append(file.name)
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as packed:
                parts += [
                    packed.read(name).decode("utf-8", "replace") for name in packed.namelist()
                ]
        else:
            held = file.read_bytes()
            coding = "utf-16" if held.startswith(codecs.BOM_UTF16) else "utf-8"
            parts.append(held.decode(coding, "replace"))
    text = "\n".join(parts)
    return f"{text}\n{unescape(text)}"
