"""Values made coarse as a profile says: ids, days, 区划, money."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from casework.exports.profiles import Profile
from graph.ids import Prefix, blind_id
from graph.model import Value

Moment = TypeVar("Moment", date, datetime, date | None, datetime | None)

MONEY = frozenset(("fund", "total", "recoverable", "medfee", "net_fund", "net_medfee"))
"""Properties in fen."""
REGIONS = frozenset(("admdvs", "insu_admdvs", "regions"))
_CITY = 4
_CODE = 6


@dataclass(frozen=True)
class Rounding:
    """What a profile does to single values; `key` makes new ids where it asks for them."""

    profile: Profile
    key: bytes

    def id(self, id_: str) -> str:
        """The id as this recipient gets it; of the same kind, so that its prefix stays."""
        if not self.profile.rehash:
            return id_
        return blind_id(self.key, Prefix(id_.partition("_")[0]), id_)

    def row(self, row: str) -> str:
        """A source row `table:key` with a new key."""
        if not self.profile.rehash:
            return row
        table = row.partition(":")[0]
        return f"{table}:{blind_id(self.key, Prefix.TOKEN, row).partition('_')[2]}"

    def time(self, moment: Moment) -> Moment:
        """A day or a moment, to the first of its month."""
        if moment is None or not self.profile.months:
            return moment
        if isinstance(moment, datetime):
            return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return moment.replace(day=1)

    def money(self, fen: int) -> int:
        """Fen, to the nearest of the profile's step."""
        step = self.profile.round_to
        return (fen + step // 2) // step * step

    def region(self, code: str) -> str:
        """A 区划 code, to its city."""
        return code[:_CITY].ljust(_CODE, "0") if self.profile.cities else code

    def properties(self, properties: Mapping[str, Value]) -> dict[str, Value]:
        """The properties of a node or an edge that stay, each made coarse."""
        keeps = self.profile.keeps
        return {
            name: self._value(name, value)
            for name, value in properties.items()
            if keeps is None or name in keeps
        }

    def _value(self, name: str, value: Value) -> Value:
        if isinstance(value, date):
            return self.time(value)
        if name in MONEY and isinstance(value, int):
            return self.money(value)
        if name in REGIONS and isinstance(value, str):
            return self.region(value)
        if name in REGIONS and isinstance(value, tuple):
            return tuple(dict.fromkeys(self.region(code) for code in value))
        return value
