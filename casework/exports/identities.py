"""Who stands behind blind ids, as exports ask for it; the vault is opened elsewhere."""

from collections.abc import Iterable, Mapping
from typing import Protocol


class Identities(Protocol):
    """The vault, seen from here. Callers decide who may have the answer, and audit it."""

    def of(self, ids: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
        """By blind id the fields the vault holds (name, certno, tel, bankacct, addr, code, value …).

        Ids and fields it does not hold are left out.
        """
