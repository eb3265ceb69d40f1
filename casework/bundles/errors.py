"""What goes wrong with seals and sealed bundles; every message says what to do."""

from pathlib import Path

from casework.errors import CaseworkError


class BadSealKey(CaseworkError):
    """The installation's own key cannot be used."""

    def __init__(self, file: Path, why: str) -> None:
        self.file = file
        self.why = why
        super().__init__(
            f"The seal's key {file} cannot be used ({why}): put that right or the key's backup there; "
            "a new key would have another fingerprint."
        )


class BadCard(CaseworkError):
    """What was handed over is no card of an installation."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(
            f"This is no card of an installation ({why}): ask its office for it again, whole."
        )


class NotSealable(CaseworkError):
    """A file cannot go into a bundle, or a bundle would be without what it must say."""

    def __init__(self, what: str, why: str) -> None:
        self.what = what
        self.why = why
        super().__init__(f"{what} cannot be sealed ({why}): correct it and seal again.")


class BrokenBundle(CaseworkError):
    """A bundle is not as it was sealed, or not by whom it should be."""

    def __init__(self, file: Path, faults: int) -> None:
        self.file = file
        self.faults = faults
        super().__init__(
            f"{file} is not to be relied on ({faults} of its parts fail): ask who sent it for it again."
        )
