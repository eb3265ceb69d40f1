"""What a review room refuses; every message says what to do."""

from casework.errors import CaseworkError


class NotASide(CaseworkError):
    """A side does not take part in a review."""

    def __init__(self, review: str, side: str) -> None:
        self.review = review
        self.side = side
        super().__init__(
            f"{side} takes no part in the review {review}: name one of the review's sides."
        )


class NotHere(CaseworkError):
    """Somebody takes no part in a room, or does already."""

    def __init__(self, name: str, review: str) -> None:
        self.name = name
        self.review = review
        super().__init__(
            f"{name} cannot do that in the room of {review}: see who takes part, and let them join first."
        )


class NotSignable(CaseworkError):
    """A ring cannot be signed off as it stands."""

    def __init__(self, ring: str, why: str) -> None:
        self.ring = ring
        self.why = why
        super().__init__(f"Ring {ring} cannot be signed off ({why}): settle that first.")


class NoConflict(CaseworkError):
    """Nothing about a ring is disputed."""

    def __init__(self, ring: str) -> None:
        self.ring = ring
        super().__init__(f"Nothing about ring {ring} is disputed: see the opinions on it.")


class NoRoomTask(CaseworkError):
    """No such task of this side is open."""

    def __init__(self, task: str) -> None:
        self.task = task
        super().__init__(f"Task {task} is no open task of this side: list the room's tasks.")


class StrangeEntry(CaseworkError):
    """What came from another side is not what that side may say; nothing of it was taken in."""

    def __init__(self, side: str, why: str) -> None:
        self.side = side
        self.why = why
        super().__init__(
            f"What came from {side} was not taken in ({why}): ask its liaison to send it again."
        )


class NamesAPerson(CaseworkError):
    """A text that goes to other sides holds what looks like an identity number, a phone or an account."""

    def __init__(self) -> None:
        super().__init__(
            "The text holds a number as long as a phone, an identity number or an account: it goes to the "
            "other sides, so name people by their blind ids only."
        )
