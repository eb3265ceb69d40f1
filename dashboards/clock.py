"""What time it is."""

from datetime import datetime


def now() -> datetime:
    """Local Beijing time, as everything kept has it."""
    return datetime.now()  # noqa: DTZ005 local by contract
