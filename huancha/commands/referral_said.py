"""What a referral says, as the options of every command that writes it."""

import inspect
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graph.errors import NoScan
from huancha.workspace import open_workspace

if TYPE_CHECKING:
    from casework.referral import Draft

TEXTS = ("office", "police", "number", "suspects", "crime", "law")


@dataclass(frozen=True)
class Said:
    """What was named on the command line; None: nothing."""

    ring: Annotated[
        list[str] | None,
        typer.Option("--ring", metavar="RING", help="Of the last scan; many times."),
    ] = None
    office: Annotated[str | None, typer.Option("--office", metavar="NAME", help="Who refers.")] = (
        None
    )
    police: Annotated[str | None, typer.Option("--police", metavar="NAME", help="To whom.")] = None
    number: Annotated[
        str | None, typer.Option("--number", metavar="TEXT", help="文号 of the letter.")
    ] = None
    suspects: Annotated[
        str | None, typer.Option("--suspects", metavar="TEXT", help="Whose conduct it is about.")
    ] = None
    crime: Annotated[str | None, typer.Option("--crime", metavar="TEXT", help="涉嫌罪名.")] = None
    law: Annotated[str | None, typer.Option("--law", metavar="TEXT", help="Law and article.")] = (
        None
    )
    facts: Annotated[
        Path | None,
        typer.Option("--facts", metavar="FILE", help="A text file (UTF-8) of the facts."),
    ] = None
    fund: Annotated[
        str | None,
        typer.Option("--fund", metavar="YUAN", help="The amount; else that of the rows."),
    ] = None

    def into(self, path: Path, draft: "Draft") -> "Draft":
        """`draft` with what was named; other rings come with the amount of their rows. Raises `NoScan`."""
        from huancha.referring import stated

        named = {name: getattr(self, name) for name in TEXTS}
        new: dict[str, Any] = {name: text for name, text in named.items() if text is not None}
        if self.facts is not None:
            new["facts"] = self.facts.read_text("utf-8").strip()
        if self.ring:
            scan = open_workspace(path).scan()
            if scan is None:
                raise NoScan(path)
            new |= {"scan": scan.run.scan, "rings": tuple(self.ring)}
            new["fund"] = stated(path, scan.run.scan, self.ring)
        if self.fund is not None:
            new["fund"] = _fen(self.fund)
        return replace(draft, **new)


def saying(command: Callable[..., None]) -> Callable[..., None]:
    """`command` with an option for each field of its parameter `said`, in that parameter's place."""
    options = inspect.signature(Said).parameters
    parameters = [
        each
        for name, own in inspect.signature(command).parameters.items()
        for each in (options.values() if name == "said" else (own,))
    ]

    @wraps(command)
    def called(**given: Any) -> None:
        said = Said(**{name: given.pop(name) for name in options})
        command(**given, said=said)

    called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return called


def _fen(yuan: str) -> int:
    """Whole fen, none or more; `NaN`, `Infinity` and parts of a fen are no amount."""
    with suppress(ArithmeticError):
        fen = Decimal(yuan.replace(",", "")) * 100
        if fen >= 0 and fen == int(fen):
            return int(fen)
    raise typer.BadParameter(f"{yuan} is no amount of yuan.")
