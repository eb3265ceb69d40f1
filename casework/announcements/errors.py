"""What announcements refuse; every message says what to do."""

from casework.errors import CaseworkError


class NotAnnounced(CaseworkError):
    """A sanction that is not told to others like this."""

    def __init__(self, sanction: int, why: str) -> None:
        self.sanction = sanction
        self.why = why
        super().__init__(
            f"Sanction {sanction} is not announced ({why}): announce what is approved, in force or lifted, "
            "and touches somebody."
        )


class NoAnnouncement(CaseworkError):
    """There is no such announcement about that person, or it was answered."""

    def __init__(self, announcement: int, practitioner: str) -> None:
        self.announcement = announcement
        self.practitioner = practitioner
        super().__init__(
            f"Announcement {announcement} does not wait for a decision on {practitioner or 'anybody'}: "
            "list the announcements first."
        )


class StrangeAnnouncement(CaseworkError):
    """What came from another side is no announcement; nothing of it was taken in."""

    def __init__(self, side: str, why: str) -> None:
        self.side = side
        self.why = why
        super().__init__(
            f"What came from {side} was not taken in ({why}): ask its liaison to send it again."
        )
