"""What a PDF says, read without the library that wrote it: the text of each page, by the fonts inside."""

import re
import zlib

ESCAPES = {"n": 10, "r": 13, "t": 9, "b": 8, "f": 12}
STRING = rb"\((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*\)|<[0-9A-Fa-f]*>"
SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|\[?((?:[-\d. ]*(?:%s)[-\d. ]*)+)\]?T[jJ]" % STRING, re.S)


def pages(content: bytes) -> list[str]:
    """The text of each page. Fails on a glyph that is not there and on a font that is not inside."""
    objects = {
        int(number): body
        for number, body in re.findall(rb"(\d+) 0 obj\b(.*?)\bendobj", content, re.S)
    }
    assert b"/FontFile2" in content or b"/FontFile3" in content
    found = [body for body in objects.values() if re.search(rb"/Type\s*/Page\b", body)]
    return [_page(objects, body) for body in found]


def _page(objects: dict[int, bytes], page: bytes) -> str:
    resources = _followed(objects, page, b"Resources")
    fonts = {
        name: _signs(objects, objects[int(number)])
        for name, number in re.findall(
            rb"/(f\d+) (\d+) 0 R", _followed(objects, resources, b"Font")
        )
    }
    text, signs = [], {}
    for font, shown in SHOWN.findall(_stream(_followed(objects, page, b"Contents"))):
        if font:
            signs = fonts[font]
        else:
            text.append("".join(signs[code] for code in _codes(shown)))
    return "".join(text)


def _followed(objects: dict[int, bytes], body: bytes, key: bytes) -> bytes:
    """What `key` of an object is, where it stands or where it points."""
    pointed = re.search(rb"/%s (\d+) 0 R" % key, body)
    return objects[int(pointed[1])] if pointed else body[body.index(b"/" + key) :]


def _signs(objects: dict[int, bytes], font: bytes) -> dict[int, str]:
    said = _stream(_followed(objects, font, b"ToUnicode"))
    return {
        int(code, 16): bytes.fromhex(signs.decode()).decode("utf-16-be")
        for code, signs in re.findall(rb"<(\w{4})> <(\w+)>", said)
        if code != b"0000"
    }


def _codes(shown: bytes) -> list[int]:
    raw = b"".join(map(_read, re.findall(STRING, shown, re.S)))
    return [int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2)]


def _read(string: bytes) -> bytes:
    if string.startswith(b"<"):
        return bytes.fromhex(string[1:-1].decode())
    return re.sub(rb"\\([0-7]{1,3}|.)", _unescaped, string[1:-1], flags=re.S)


def _unescaped(found: re.Match[bytes]) -> bytes:
    said = found[1].decode("latin-1")
    if said.isdigit():
        return bytes([int(said, 8)])
    return bytes([ESCAPES.get(said, ord(said))])


def _stream(body: bytes) -> bytes:
    raw = body.split(b"stream\n", 1)[1].rsplit(b"endstream", 1)[0]
    return zlib.decompressobj().decompress(raw) if b"FlateDecode" in body else raw
