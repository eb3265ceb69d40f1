"""What exports refuse; every message says what to do."""

from casework.errors import CaseworkError


class NoProfile(CaseworkError):
    """No recipient profile has this name."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        self.name = name
        self.known = known
        super().__init__(f"No recipient profile {name!r}: choose one of {', '.join(known)}.")
