"""What can go wrong when something is kept; facts as attributes, the sentence says what to do."""

from datetime import datetime


class KeptError(Exception):
    """Root of everything `dashboards.kept` raises on purpose."""


class ChangedMeanwhile(KeptError):
    """Somebody saved a newer version of the view in the meantime."""

    def __init__(self, name: str, version: int, author: str, at: datetime) -> None:
        super().__init__(
            f"{name} was saved as version {version} by {author or 'somebody'} at {at:%H:%M}:"
            " open that version, or save yours under another name"
        )
        self.name, self.version, self.author, self.at = name, version, author, at


class NameTaken(KeptError):
    """The same person has a view of that name for the same ring or case."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is a view called {name}: choose another name, or save a version")
        self.name = name


class NotYours(KeptError):
    """Only who made it may delete it."""

    def __init__(self, owner: str) -> None:
        super().__init__(f"it belongs to {owner or 'somebody else'}: ask them to delete it")
        self.owner = owner


class Gone(KeptError):
    """It was deleted in the meantime."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is no longer there: save it under a new name")
        self.name = name
