"""An office as a side of joint reviews: its 区划 code, its name, and the card it hands out."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from casework.bundles import BadCard, Card, SealKeys, read_card


@dataclass(frozen=True)
class Side:
    """A side of a review: 区划 code of six digits, name, card as its office handed it out."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    code: Annotated[str, Field(pattern=r"^\d{6}$")]
    name: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]{1,60}$")]
    card: str

    @property
    def keys(self) -> Card:
        """The card, its signature checked; raises `BadCard`."""
        return read_card(self.card)


def own_side(keys: SealKeys, code: str, name: str) -> Side:
    """The office of `keys` as a side."""
    return Side(code, name, keys.card().text())


def side_from(text: str) -> Side:
    """The side that a file of `own_side` as JSON holds; raises `BadCard`."""
    try:
        side = _SIDE.validate_json(text)
    except ValidationError:
        raise BadCard("it is not of that form") from None
    read_card(side.card)
    return side


_SIDE: TypeAdapter[Side] = TypeAdapter(Side)
