"""The directory of bodies (机构树) and their liaison officers: dated CSV files that an office edits.

Ours holds the published shape of 北京, 天津 and 河北 with invented contacts; first days are not verified.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from casework.assistance.errors import BadDirectory, NoBody, NoSuperior

OURS = Path(__file__).parent
FOLDER = "directory"
BODIES, OFFICERS = "bodies.csv", "officers.csv"
COUNTRY = "100000"


@dataclass(frozen=True)
class Body:
    """A 医保 body by its 区划 code, and the body above it; from `begins` to `ends`, both included."""

    code: str
    zh: str
    en: str
    superior: str | None
    begins: date
    ends: date | None


@dataclass(frozen=True)
class Officer:
    """Who answers for a body, and how to reach them."""

    body: str
    name: str
    duty: str
    tel: str
    begins: date
    ends: date | None


@dataclass(frozen=True)
class Directory:
    """The bodies and officers of one day."""

    day: date
    bodies: Mapping[str, Body]
    officers: tuple[Officer, ...]

    def __getitem__(self, code: str) -> Body:
        found = self.bodies.get(code)
        if found is None:
            raise NoBody(code, self.day)
        return found

    def of(self, body: str) -> tuple[Officer, ...]:
        """The officers of a body."""
        return tuple(one for one in self.officers if one.body == body)

    def above(self, code: str) -> tuple[Body, ...]:
        """A body and those above it, up to the highest; raises `NoBody`."""
        chain = [self[code]]
        while chain[-1].superior is not None:
            chain.append(self[chain[-1].superior])
        return tuple(chain)

    def common_superior(self, codes: Iterable[str]) -> Body:
        """The lowest body that stands above all of `codes` and is none of them; raises `NoBody`, `NoSuperior`."""
        wanted = tuple(dict.fromkeys(codes))
        chains = [self.above(code)[1:] for code in wanted]
        shared = [body for body in chains[0] if all(body in chain for chain in chains)]
        if not shared:
            raise NoSuperior(wanted)
        return shared[0]

    def province(self, code: str) -> Body:
        """The body of the province that a 区划 code lies in; raises `NoBody`."""
        return self[f"{code[:2]}0000"]


def read_directory(day: date, workspace: Path | None = None) -> Directory:
    """The directory of `day`: each file of the workspace's `directory/` in the place of ours; raises `BadDirectory`."""
    bodies = _read(BODIES, TypeAdapter(Body), workspace)
    officers = _read(OFFICERS, TypeAdapter(Officer), workspace)
    held = {one.code: one for one in bodies if _holds(one, day)}
    if len(held) < sum(_holds(one, day) for one in bodies):
        raise BadDirectory(BODIES, f"a code is given twice for {day}")
    found = Directory(day, held, tuple(one for one in officers if _holds(one, day)))
    _check(found)
    return found


def lay_out(workspace: Path) -> tuple[Path, ...]:
    """Write our files into `directory/` of the workspace, where an office edits them; what is there stays."""
    folder = workspace / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    missing = [name for name in (BODIES, OFFICERS) if not (folder / name).exists()]
    for name in missing:
        (folder / name).write_text((OURS / name).read_text("utf-8"), "utf-8-sig")
    return tuple(folder / name for name in missing)


Row = TypeVar("Row", Body, Officer)


def _read(name: str, kind: TypeAdapter[Row], workspace: Path | None) -> tuple[Row, ...]:
    own = workspace / FOLDER / name if workspace else None
    file = own if own is not None and own.exists() else OURS / name
    found = []
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines, strict=True), 2):
            try:
                found.append(kind.validate_python({key: row[key] or None for key in row}))
            except ValidationError as wrong:
                said = "; ".join(f"{e['loc'][0]}: {e['msg']}" for e in wrong.errors() if e["loc"])
                raise BadDirectory(name, f"line {number}, {said}") from wrong
    return tuple(found)


def _holds(one: Body | Officer, day: date) -> bool:
    return one.begins <= day and (one.ends is None or day <= one.ends)


def _check(found: Directory) -> None:
    """Let pass a tree; raises `BadDirectory`."""
    for code in found.bodies:
        seen, at = [code], found.bodies[code].superior
        while at is not None:
            if at in seen or at not in found.bodies:
                raise BadDirectory(BODIES, f"above {code} stands {at}, which does not do")
            seen.append(at)
            at = found.bodies[at].superior
    for one in found.officers:
        if one.body not in found.bodies:
            raise BadDirectory(OFFICERS, f"{one.name} is of {one.body}, which is no body")
