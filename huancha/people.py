"""Who may use this installation: the office's TOML file of people and groups with their roles and regions.

[people."wang@office.example"]
roles = ["investigator"]
regions = ["110000"]

[groups.supervision]
roles = ["auditor"]
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casework.people import Actor, Role
from huancha.errors import BadSetting

SETTING = "HUANCHA_PEOPLE"


@dataclass(frozen=True)
class Grant:
    """The roles of a person or a group; no `regions` (区划 codes) means all regions."""

    roles: frozenset[Role]
    regions: frozenset[str] = frozenset()


@dataclass(frozen=True)
class People:
    """The grants by person and by group."""

    people: Mapping[str, Grant]
    groups: Mapping[str, Grant]

    def actor(self, name: str, groups: Iterable[str]) -> Actor | None:
        """The person with what they and their groups were granted; None for somebody unknown.

        A person's own regions go before those of their groups.
        """
        own = self.people.get(name)
        held = [own] if own else []
        held += [self.groups[group] for group in groups if group in self.groups]
        if not held or not name.strip():
            return None
        regions: frozenset[str] = frozenset()
        if own and own.regions:
            regions = own.regions
        elif all(grant.regions for grant in held):
            regions = regions.union(*(grant.regions for grant in held))
        return Actor(name, frozenset().union(*(grant.roles for grant in held)), regions)


def read_people(file: Path | None) -> People:
    """The people `file` names. Raises `BadSetting` when it is not set, not there or not right."""
    if file is None:
        raise BadSetting(SETTING, "it is not set")
    try:
        given = tomllib.loads(file.read_text("utf-8"))
    except OSError as unread:
        raise BadSetting(SETTING, str(unread.strerror)) from None
    except ValueError:
        raise BadSetting(SETTING, "the file is no TOML") from None
    unknown = set(given) - {"people", "groups"}
    if unknown:
        raise BadSetting(SETTING, f"it holds [{min(unknown)}], not [people] and [groups] alone")
    return People(_grants(given, "people"), _grants(given, "groups"))


def _grants(given: Mapping[str, Any], part: str) -> dict[str, Grant]:
    named = given.get(part, {})
    if not isinstance(named, dict):
        raise BadSetting(SETTING, f"[{part}] is no table")
    return {name: _grant(f"{part}.{name}", facts) for name, facts in named.items()}


def _grant(where: str, facts: object) -> Grant:
    if not isinstance(facts, dict) or set(facts) - {"roles", "regions"}:
        raise BadSetting(SETTING, f"[{where}] holds something other than roles and regions")
    roles = _texts(where, "roles", facts.get("roles"))
    unknown = roles - set(Role)
    if unknown:
        raise BadSetting(SETTING, f"[{where}] names the role {min(unknown)}, which does not exist")
    regions = frozenset[str]()
    if "regions" in facts:
        regions = _texts(where, "regions", facts["regions"])
        if not all(
            code.isascii() and code.isdigit() and len(code) in (2, 4, 6) for code in regions
        ):
            raise BadSetting(
                SETTING, f"[{where}] names a region that is no code of 2, 4 or 6 digits"
            )
    return Grant(frozenset(Role(role) for role in roles), regions)


def _texts(where: str, name: str, value: object) -> frozenset[str]:
    if not isinstance(value, list) or not value or not all(isinstance(one, str) for one in value):
        raise BadSetting(SETTING, f"[{where}] needs {name} as a list of texts that is not empty")
    return frozenset(value)
