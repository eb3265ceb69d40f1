"""What the place's side refuses; every message says what to do."""

from pathlib import Path

from casework.errors import CaseworkError


class Contradiction(CaseworkError):
    """An order came again and said something else."""

    def __init__(self, order: str) -> None:
        self.order = order
        super().__init__(
            f"Order {order} was taken before and said something else: issue a new order."
        )


class UnusableLedger(CaseworkError):
    """The receiver's database cannot be opened or written."""

    def __init__(self, file: Path, why: str) -> None:
        self.file = file
        self.why = why
        super().__init__(
            f"The receiver's {file} cannot be used ({why}): put that right; what was acknowledged is whole."
        )


class NoAddress(CaseworkError):
    """The receiver cannot listen there."""

    def __init__(self, address: str, why: str) -> None:
        self.address = address
        self.why = why
        super().__init__(f"The receiver cannot listen on {address}: {why}.")
