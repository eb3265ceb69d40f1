"""By which way orders reach a place: `channels.toml` of the workspace, and the keys it names.

keys = "channel_keys.toml"

[[channels]]
place = "H11010500001"
url = "https://his.hospital.example/huancha"
key = "hospital-1"

[[channels]]
area = "1102"
folder = "batches/1102"
key = "tongzhou"
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from casework.orders.errors import BadChannels, BadEndpoint
from casework.orders.https import Endpoint
from casework.orders.keys import read_keys
from casework.orders.signing import Key

FILE = "channels.toml"
_STRICT = ConfigDict(extra="forbid", strict=True)


@dataclass(frozen=True)
class Line:
    """A place, or the platform of an area, that takes each order over HTTPS."""

    endpoint: Endpoint
    key: Key


@dataclass(frozen=True)
class Folder:
    """A folder from which an area's batch files are carried away, and to which acknowledgements come."""

    area: str
    path: Path
    key: Key


Channel = Line | Folder


@dataclass(frozen=True)
class Channels:
    """The channels by place code and by the beginning of a 区划 code."""

    places: Mapping[str, Channel]
    areas: Mapping[str, Channel]

    def of(self, place_code: str, area: str | None) -> Channel | None:
        """The place's own channel, else that of the smallest area around it; None: no channel."""
        own = self.places.get(place_code)
        around = [prefix for prefix in self.areas if (area or "").startswith(prefix)]
        return own or (self.areas[max(around, key=len)] if around else None)

    @property
    def folders(self) -> tuple[Folder, ...]:
        """The folders among them."""
        every = (*self.places.values(), *self.areas.values())
        return tuple(one for one in every if isinstance(one, Folder))


@dataclass(frozen=True)
class _Given:
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    key: str
    place: str | None = None
    area: str | None = None
    url: str | None = None
    ca: str | None = None
    folder: str | None = None


@dataclass(frozen=True)
class _File:
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    keys: str
    channels: list[_Given]


_FILE = TypeAdapter(_File)


def read_channels(workspace: Path) -> Channels:
    """The channels of a workspace, none without the file; raises `BadChannels` and `BadKeys`."""
    file = workspace / FILE
    if not file.exists():
        return Channels({}, {})
    given = _read(file)
    keys = read_keys(workspace / given.keys).keys
    places: dict[str, Channel] = {}
    areas: dict[str, Channel] = {}
    for one in given.channels:
        named = [name for name in (one.place, one.area) if name]
        if len(named) != 1:
            raise BadChannels(file, "a channel names either a place or an area")
        held = places if one.place else areas
        if named[0] in held:
            raise BadChannels(file, f"{named[0]} has two channels")
        if one.key not in keys:
            raise BadChannels(file, f"{given.keys} has no key {one.key}")
        held[named[0]] = _channel(file, named[0], one, keys[one.key])
    return Channels(places, areas)


def _read(file: Path) -> _File:
    try:
        given = tomllib.loads(file.read_text("utf-8"))
        return _FILE.validate_json(json.dumps(given, default=str))
    except OSError as unread:
        raise BadChannels(file, str(unread.strerror)) from None
    except ValidationError as wrong:
        first = wrong.errors(include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BadChannels(file, f"{where}: {first['msg']}") from None
    except ValueError:
        raise BadChannels(file, "it is no TOML") from None


def _channel(file: Path, name: str, given: _Given, key: Key) -> Channel:
    if given.url is not None and given.folder is None:
        ca = file.parent / given.ca if given.ca else None
        try:
            return Line(Endpoint(given.url, ca), key)
        except BadEndpoint as wrong:
            raise BadChannels(file, f"{name}: {wrong.why}") from None
    if given.folder is not None and given.url is None:
        return Folder(name, file.parent / given.folder, key)
    raise BadChannels(file, f"{name} needs either a url or a folder")
