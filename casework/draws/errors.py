"""What goes wrong with draws; every message says what to do."""

from datetime import date
from enum import StrEnum

from casework.errors import CaseworkError


class Unfair(StrEnum):
    """Why nothing can be drawn fairly from a pool."""

    NO_PLACE = "no_place"
    PLACE_TWICE = "place_twice"
    INSPECTOR_TWICE = "inspector_twice"
    SHARE = "share"
    TEAM = "team"
    TEAM_OF_LAW = "team_of_law"
    NO_REASON = "no_reason"
    OTHER_PLACE = "other_place"
    OTHER_INSPECTOR = "other_inspector"
    COLUMNS = "columns"


SAID = {
    Unfair.NO_PLACE: "it names no place",
    Unfair.PLACE_TWICE: "a place stands in it twice",
    Unfair.INSPECTOR_TWICE: "an inspector stands in it twice",
    Unfair.SHARE: "its share is not 1 to 100 percent",
    Unfair.TEAM: "it has fewer inspectors than a team needs",
    Unfair.TEAM_OF_LAW: "its team is smaller than the law asks for",
    Unfair.NO_REASON: "a recusal has no reason",
    Unfair.OTHER_PLACE: "a recusal names another place",
    Unfair.OTHER_INSPECTOR: "a recusal names another inspector",
    Unfair.COLUMNS: "a recusal has not the columns inspector, place, reason",
}


class UnusablePool(CaseworkError):
    """Nothing can be drawn fairly from a pool; `law` cites what it goes against, where that is the law."""

    def __init__(self, unfair: Unfair, law: str = "") -> None:
        self.unfair = unfair
        self.law = law
        why = f"{SAID[unfair]}, {law}" if law else SAID[unfair]
        super().__init__(f"Nothing can be drawn from this pool ({why}): correct it.")


class NobodyLeft(CaseworkError):
    """Too few inspectors may be sent to a place."""

    def __init__(self, place: str, team: int) -> None:
        self.place = place
        self.team = team
        super().__init__(
            f"Fewer than {team} inspectors may be sent to {place}: add inspectors to the pool, "
            "or ask another office for them."
        )


class NotADrawDay(CaseworkError):
    """The seed of a draw is published on a later day than its pool is laid down, and not used before."""

    def __init__(self, day: date) -> None:
        self.day = day
        super().__init__(
            f"{day} does not do: the seed comes out after the day the pool is laid down, "
            "and the draw is made from that day on."
        )


class NoDraw(CaseworkError):
    """There is no such draw, or it was drawn already, or does not hold what was named."""

    def __init__(self, no: int) -> None:
        self.no = no
        super().__init__(f"Draw {no} is not open to this: list the draws first.")
