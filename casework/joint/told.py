"""What a part may say, and nothing else: read strictly, so that no further field gets in or out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from casework.joint.errors import BadPart
from casework.joint.reviews import Review
from casework.joint.wrapping import canonical

Person = Annotated[str, Field(pattern=r"^jp_[a-z2-7]{20}$")]
Token = Annotated[str, Field(pattern=r"^jt_[a-z2-7]{20}$")]
Province = Annotated[str, Field(pattern=r"^\d{2}$")]
Month = Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")]
Count = Annotated[int, Field(ge=0, lt=2**31)]
Mean = Annotated[float, Field(ge=0, lt=1e6, allow_inf_nan=False)]
Kind = Literal["phone", "account", "address", "employer"]

Pair = tuple[Count, Count, Count, Mean, Count, Month, Month]


@dataclass(frozen=True)
class Part:
    """A side's part.

    persons: (blind id, insurer's province, visits at the side's places), by id; pairs: (two indices into persons, the first
    less, co-visits, expected ones, places, first and last month); tokens: (blind id, kind, indices into persons);
    rate: how often two visits of people who cross meet where both go to one place.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    format: Literal[1]
    side: str
    first: date
    last: date
    rate: Mean
    persons: tuple[tuple[Person, Province, Count], ...]
    pairs: tuple[Pair, ...]
    tokens: tuple[tuple[Token, Kind, tuple[Count, ...]], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The blind ids of the persons."""
        return tuple(person for person, _, _ in self.persons)


_PART: TypeAdapter[Part] = TypeAdapter(Part)


def part_from(content: Mapping[str, Any], review: Review, sender: str) -> Part:
    """The part of the side `sender` in a review; raises `BadPart`."""
    try:
        part = _PART.validate_json(canonical(content))
    except ValidationError as wrong:
        first = wrong.errors(include_input=False)[0]
        raise BadPart(sender, f"{'.'.join(map(str, first['loc'][:2]))}: {first['msg']}") from None
    terms, names = review.invitation.terms, part.names
    if (part.side, part.first, part.last) != (sender, terms.first, terms.last):
        raise BadPart(sender, "it is of another side or period")
    areas = {side.code[:2] for side in review.invitation.sides}
    if not {province for _, province, _ in part.persons} <= areas:
        raise BadPart(sender, "it tells of people no side insures")
    if list(names) != sorted(set(names)):
        raise BadPart(sender, "its persons are not in order")
    pairs = [pair[:2] for pair in part.pairs]
    if pairs != sorted(set(pairs)) or any(not a < b < len(names) for a, b in pairs):
        raise BadPart(sender, "its pairs are not in order")
    if any(n >= len(names) for _, _, who in part.tokens for n in who):
        raise BadPart(sender, "its tokens are of nobody")
    return part
