"""Why something was refused, in the language of the tab: each error of casework has its sentence in the catalogue."""

from dashboards.formats import pseudonym
from dashboards.texts import TEXTS, region, t, term
from graph.model import NodeKind

GROUPS = {
    "role": "role_of",
    "source": "case_status",
    "target": "case_status",
    "unfair": "unfair",
    "field": "says_too_little",
}
"""The lists of words that facts of an error are codes of."""


def refusal(error: Exception) -> str:
    """The sentence for `error` with its facts; what it says itself where the catalogue has none."""
    key = f"refusal.{type(error).__name__}"
    if key not in TEXTS:
        return str(error)
    return t(key, **{name: _word(name, value) for name, value in vars(error).items()})


def _word(name: str, value: object) -> str:
    if name == "area":
        return region(str(value))
    if name in GROUPS:
        return term(GROUPS[name], str(value))
    if NodeKind.of(str(value)) is not None:
        return pseudonym(str(value))
    if isinstance(value, tuple):
        return t("separator").join(map(str, value))
    return str(value)
