"""Practitioners: staff codes brought together into persons, never on a name alone."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from graph.schema import Basis, Profession

SHARED_BY = 3
"""Names an identity or certificate number may stand beside; beyond, it is a default somebody typed."""
CONFIDENCE = {Basis.CERTNO: 0.99, Basis.CERTIFICATE: 0.95, Basis.NAME_PLACE: 0.7, Basis.CODE: 1.0}
UNKNOWN_CODE = 0.5
"""Confidence in a staff code that prac_psn_b does not know."""


@dataclass(frozen=True)
class Staff:
    """One staff code. `certno` is None unless its check digit is right; `person` its key so far."""

    code: str
    known: bool
    name: str | None = None
    certno: str | None = None
    certificate: str | None = None
    places: tuple[str, ...] = ()
    person: int | None = None
    basis: Basis | None = None
    confidence: float | None = None


@dataclass
class Person:
    """Staff codes that are one person, and why."""

    codes: list[str]
    key: int | None = None
    certnos: set[str] = field(default_factory=set)
    certificates: set[str] = field(default_factory=set)
    basis: Basis = Basis.CODE
    confidence: float = 1.0


class _Persons:
    """Persons in the making: each code points at its person, persons are joined."""

    def __init__(self, staff: Sequence[Staff]) -> None:
        self.of: dict[str, Person] = {}
        by_key: dict[int, Person] = {}
        for row in staff:
            person = by_key.get(row.person) if row.person is not None else None
            if person is None:
                person = Person([], row.person)
                if row.person is not None:
                    by_key[row.person] = person
                if row.basis is not None and row.confidence is not None:
                    person.basis, person.confidence = row.basis, row.confidence
            person.codes.append(row.code)
            person.certnos |= {row.certno} if row.certno else set()
            person.certificates |= {row.certificate} if row.certificate else set()
            self.of[row.code] = person

    def join(self, codes: Iterable[str], basis: Basis) -> None:
        first: Person | None = None
        for code in codes:
            person = self.of[code]
            if first is None:
                first = person
            elif person is not first:
                self._absorb(first, person, basis)

    def _absorb(self, one: Person, other: Person, basis: Basis) -> None:
        links = [p.confidence for p in (one, other) if len(p.codes) > 1]
        weakest = min([CONFIDENCE[basis], *links])
        one.basis = (
            basis
            if weakest == CONFIDENCE[basis]
            else next(p.basis for p in (one, other) if len(p.codes) > 1 and p.confidence == weakest)
        )
        one.confidence = weakest
        one.codes += other.codes
        one.certnos |= other.certnos
        one.certificates |= other.certificates
        one.key = min((k for k in (one.key, other.key) if k is not None), default=None)
        for code in other.codes:
            self.of[code] = one


def resolve(staff: Sequence[Staff]) -> list[Person]:
    """The persons behind `staff`, in the order of their smallest code.

    Codes are one person by the same certno, else by the same certificate, else by the same name at the
    same registered place: each only where nothing stronger contradicts it, and where the number is no
    default. Persons of earlier loads may be joined (the smaller key stays), never parted.
    """
    ordered = sorted(staff, key=lambda row: row.code)
    persons = _Persons(ordered)
    for codes in _cells(ordered, "certno"):
        persons.join(codes, Basis.CERTNO)
    for codes in _cells(ordered, "certificate"):
        if _agree(persons, codes, certificates=False):
            persons.join(codes, Basis.CERTIFICATE)
    together: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in ordered:
        for place in row.places if row.name else ():
            together[str(row.name), place].append(row.code)
    for cell in sorted(together):
        if len(together[cell]) > 1 and _agree(persons, together[cell], certificates=True):
            persons.join(together[cell], Basis.NAME_PLACE)
    distinct = {id(person): person for person in persons.of.values()}
    known = {row.code: row.known for row in ordered}
    for person in distinct.values():
        person.codes.sort(key=lambda code: (not known[code], code))
        if len(person.codes) == 1:
            person.basis = Basis.CODE
            person.confidence = 1.0 if known[person.codes[0]] else UNKNOWN_CODE
    return sorted(distinct.values(), key=lambda person: min(person.codes))


def _cells(staff: Sequence[Staff], number: str) -> list[list[str]]:
    """Codes that share a certno or certificate, defaults left out."""
    shared: dict[str, list[Staff]] = defaultdict(list)
    for row in staff:
        value = getattr(row, number)
        if value is not None:
            shared[value].append(row)
    return [
        [row.code for row in rows]
        for rows in shared.values()
        if len(rows) > 1 and len({row.name for row in rows if row.name}) <= SHARED_BY
    ]


def _agree(persons: _Persons, codes: Sequence[str], *, certificates: bool) -> bool:
    """Whether no two of the persons behind `codes` have different numbers of a stronger kind."""
    found = [persons.of[code] for code in codes]
    certnos = set().union(*(person.certnos for person in found))
    numbers = set().union(*(person.certificates for person in found))
    return len(certnos) <= 1 and not (certificates and len(numbers) > 1)


_PREFIXES = (("HY", Profession.PHARMACIST), ("HJ", Profession.TECHNICIAN), ("N", Profession.NURSE))
_TYPES = {
    "1": Profession.DOCTOR,
    "2": Profession.NURSE,
    "3": Profession.PHARMACIST,
    "4": Profession.TECHNICIAN,
}


def profession(code: str, prac_psn_type: str | None) -> Profession:
    """The profession of a staff code: by its type, else by its prefix (D, HY, HJ, N), else doctor."""
    if prac_psn_type in _TYPES:
        return _TYPES[prac_psn_type]
    return next(
        (found for prefix, found in _PREFIXES if code.startswith(prefix)), Profession.DOCTOR
    )


def person_rows(persons: Sequence[Person], first_key: int) -> pa.Table:
    """Persons as rows (code, key, first, codes, basis, confidence), one per staff code.

    Persons without a key get the next ones from `first_key` on, in their order; `first` is the code
    shown for the person.
    """
    rows = []
    key = first_key
    for person in persons:
        if person.key is None:
            person.key, key = key, key + 1
        rows += [
            (code, person.key, person.codes[0], min(person.codes), len(person.codes),
             str(person.basis), person.confidence)
            for code in person.codes
        ]  # fmt: skip
    names = ("code", "key", "first", "least", "codes", "basis", "confidence")
    kinds = (
        pa.string(),
        pa.int32(),
        pa.string(),
        pa.string(),
        pa.int32(),
        pa.string(),
        pa.float64(),
    )
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    return pa.table({n: pa.array(c, k) for n, c, k in zip(names, columns, kinds, strict=True)})
