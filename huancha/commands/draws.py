"""`huancha draw`: places to inspect and their inspectors by a public seed; anybody can recompute it."""

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from huancha.commands.acting import acting, now, writing
from huancha.commands.options import JsonOption, WorkspaceOption, listing, workspace_path
from huancha.commands.output import plain_table, print_json, print_line, say, stdout
from huancha.workspace import open_workspace

if TYPE_CHECKING:
    from casework.draws import Draw, Recusal

app = typer.Typer(
    help="""Draws (双随机): which places are inspected, and by whom, by a seed published after the pool was laid down.

    Without a command it lists the draws. Who acts is the login name, with the roles of HUANCHA_PEOPLE.

    Example: huancha draw run 1 --seed "3 8 1"
    """,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)

DrawArgument = Annotated[int, typer.Argument(metavar="NUMBER", help="A draw's number.")]


@app.command("prepare")
def prepare(
    ctx: typer.Context,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What is inspected.")],
    area: Annotated[str, typer.Option("--area", metavar="CODE", help="The 区划 code.")],
    inspectors: Annotated[
        Path, typer.Option("--inspectors", metavar="FILE", help="Their names, one a line.")
    ],
    seed_from: Annotated[
        str, typer.Option("--seed-from", metavar="TEXT", help="The public figure to come.")
    ],
    seed_on: Annotated[
        datetime,
        typer.Option("--seed-on", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Its day."),
    ],
    share: Annotated[int, typer.Option("--share", help="Percent of each kind and level.")] = 10,
    team: Annotated[int, typer.Option("--team", help="Inspectors for each place.")] = 2,
    recusals: Annotated[
        Path | None,
        typer.Option(
            "--recusals", metavar="FILE", help="CSV with the columns inspector, place, reason."
        ),
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Lay down the pool: the snapshot's places of an area, the inspectors, who may not go where.

    Example: huancha draw prepare "March" --area 110000 --inspectors staff.txt --seed-from "3D 2026071" --seed-on 2026-03-20
    """
    from casework import draws
    from graph.snapshot import current_snapshot

    path = workspace_path(ctx, workspace)
    names = tuple(filter(None, map(str.strip, inspectors.read_text("utf-8").splitlines())))
    places = draws.places_of(current_snapshot(path), area)
    pool = draws.Pool(places, names, share, team, tuple(_recusals(recusals)))
    with writing(path) as tx:
        made = draws.prepare(tx, acting(), title, area, pool, seed_from, seed_on.date(), now())
    say(f"抽查 draw {made.no}: {len(places)} 家 places, 指纹 fingerprint {made.fingerprint}")


@app.command("run")
def run(
    ctx: typer.Context,
    number: DrawArgument,
    seed: Annotated[str, typer.Option("--seed", metavar="TEXT", help="As it was published.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Draw with the published seed; once, and not before its day.

    Example: huancha draw run 1 --seed "3 8 1"
    """
    from casework import draws

    with writing(workspace_path(ctx, workspace)) as tx:
        made = draws.run(tx, acting(), number, seed, now())
    _print(made)


@app.command("recuse")
def recuse(
    ctx: typer.Context,
    number: DrawArgument,
    inspector: Annotated[str, typer.Argument(metavar="NAME", help="Who was drawn.")],
    place: Annotated[str, typer.Argument(metavar="PLACE", help="The place's id.")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason; it is kept.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Replace somebody who turns out to be biased by the next in that place's order.

    Example: huancha draw recuse 1 chen fa_… --why "worked there until 2024"
    """
    from casework import draws

    with writing(workspace_path(ctx, workspace)) as tx:
        made = draws.recuse(tx, acting(), number, draws.Recusal(inspector, place, why), now())
    _print(made)


@app.command("list")
def list_(ctx: typer.Context, workspace: WorkspaceOption = None, json_: JsonOption = False) -> None:
    """Every draw, newest first.

    Example: huancha draw list
    """
    from casework import draws

    acting()
    with open_workspace(workspace_path(ctx, workspace)).casework() as store, store.read() as tx:
        found = draws.draws(tx)
    if json_:
        print_json([one.record() for one in found])
        return
    table = plain_table(no="编号", title="名称", area="区划", seed="种子", drawn="抽取时间")
    for one in found:
        at = f"{one.drawn_at:%Y-%m-%d %H:%M}" if one.drawn_at else f"≥ {one.seed_on}"
        table.add_row(str(one.no), escape(one.title), one.area, escape(one.seed or "…"), at)
    stdout.print(table)


@app.command("show")
def show(
    ctx: typer.Context,
    number: DrawArgument,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """One draw: pool, seed, and what they give; --json holds all that is needed to recompute it.

    Example: huancha draw show 1 --json
    """
    from casework import draws

    acting()
    with open_workspace(workspace_path(ctx, workspace)).casework() as store, store.read() as tx:
        found = draws.draw(tx, number)
    if json_:
        print_json(found.record())
        return
    print_line(f"{found.title}  {found.area}  {found.fingerprint}")
    print_line(f"{found.seed_from} ({found.seed_on}): {found.seed or '…'}")
    _print(found)


def _recusals(file: Path | None) -> Iterator["Recusal"]:
    from casework.draws import Recusal
    from casework.draws.errors import Unfair, UnusablePool

    if file is None:
        return
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        if set(rows.fieldnames or ()) != {"inspector", "place", "reason"}:
            raise UnusablePool(Unfair.COLUMNS)
        yield from (Recusal(**row) for row in rows)


def _print(draw: "Draw") -> None:
    for one in draw.inspections:
        print_line(f"{one.place}  {one.group}  {'、'.join(one.inspectors)}")


listing(app, list_)
