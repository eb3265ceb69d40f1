"""Beijing time, whatever zone the machine is set to."""

from datetime import datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))


def beijing_now() -> datetime:
    """The time now, naive, as everything people decide is kept with."""
    return datetime.now(BEIJING).replace(tzinfo=None)
