"""What is watched after a sanction. Each is a lead for a person to look into, never a finding of guilt."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Sign(StrEnum):
    """What a snapshot may show after a sanction.

    `BILLED`: settlements in a person's name on days on which their payment qualification was suspended or ended.
    Misleads: late entry of earlier visits, an order not yet acknowledged at the place, emergencies (left out).

    `TAKEN_OVER`: soon after the first day, one other code at the same place settles for most of those patients of the
    person who come back, and many times as much as before. Misleads: a proper locum, a merged department.

    `SHARE`: so many of a place's registered people were sanctioned in one year that the law asks for a measure
    against the place. Misleads: small places, where one person is a large share.
    """

    BILLED = "billed"
    TAKEN_OVER = "taken_over"
    SHARE = "share"


@dataclass(frozen=True)
class Watched:
    """One lead. `subject` is the person or (`SHARE`) the place, `other` the code that took over.

    `count` of `base`: settlements of all the person's; patients of those who came back; people sanctioned of those
    registered. `fund` in fen. `rows` are settlement ids, the first `SHOWN`.
    """

    sign: Sign
    subject: str
    place: str
    area: str | None
    first: date
    last: date
    count: int
    base: int
    fund: int = 0
    other: str | None = None
    sanctions: tuple[int, ...] = ()
    rows: tuple[str, ...] = ()
    law: str | None = None

    @property
    def key(self) -> str:
        """What a case opened from it names; the same on every later snapshot."""
        return ":".join((self.sign, self.subject, self.place, *filter(None, (self.other,))))


SHOWN = 200
