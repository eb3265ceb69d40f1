"""信用: a dated grade of a practitioner or a place from what was decided about them, explained line by line."""

from casework.credit.grade import Credit, Line, credit
from casework.credit.scheme import Grade, Scheme, read_scheme, scheme

__all__ = ["Credit", "Grade", "Line", "Scheme", "credit", "read_scheme", "scheme"]
