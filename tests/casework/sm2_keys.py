"""SM2 keys: files as openssl makes them, and the two sides of a pair."""

import subprocess
from pathlib import Path

from casework.orders import sm2
from casework.orders.signing import Algorithm, Key

IN_KEYS = """
[keys.{name}]
algorithm = "sm2-sm3"
private = "own.pem"
public = "other.pem"
"""


def openssl(*arguments: object) -> bytes:
    """What the command writes; it must succeed."""
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, check=True)
    return done.stdout


def make_private(file: Path, *kind: str) -> Path:
    """A new private key in `file`, of SM2 unless another kind is named."""
    openssl("genpkey", *(kind or ("-algorithm", "SM2")), "-out", file)
    file.chmod(0o600)
    return file


def lay_keys(name: str, *files: Path) -> None:
    """Two new pairs, the key `name` of two sides that know each other: their files of keys, each in its own folder."""
    owns = [make_private(file.parent / "own.pem") for file in files]
    for file, other in zip(files, reversed(owns), strict=True):
        public = file.parent / "other.pem"
        openssl("pkey", "-in", other, "-pubout", "-out", public)
        public.chmod(0o644)
        file.write_text(IN_KEYS.format(name=name), "utf-8")
        file.chmod(0o600)


def two_sides(name: str, seed: int) -> tuple[Key, Key]:
    """The same without files, from numbers nobody would guess wrong."""
    numbers = [(seed * 7919 + side).to_bytes(32) for side in (1, 2)]
    points = [sm2.public_of(number) for number in numbers]
    one, other = (
        Key(name, Algorithm.SM2_SM3, number, point)
        for number, point in zip(numbers, reversed(points), strict=True)
    )
    return one, other
