"""What time it is: Beijing time, as everything kept has it."""

from casework.beijing import beijing_now as now

__all__ = ["now"]
