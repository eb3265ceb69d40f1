"""Releases: whatever leaves is proposed by one person, released by another, built from the record, and followed."""

from casework.releases.building import Made, Maker, build
from casework.releases.errors import NoRelease, OtherBytes, SaysTooLittle, SourceGone
from casework.releases.ledger import decide, happened, propose, release, releases
from casework.releases.rules import Draft, Event, Release, Step, Subject

__all__ = [
    "Draft",
    "Event",
    "Made",
    "Maker",
    "NoRelease",
    "OtherBytes",
    "Release",
    "SaysTooLittle",
    "SourceGone",
    "Step",
    "Subject",
    "build",
    "decide",
    "happened",
    "propose",
    "release",
    "releases",
]
