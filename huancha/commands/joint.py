"""`huancha joint`: a review with other offices, from the invitation to rings across borders."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graph.snapshot import current_snapshot
from huancha.commands.acting import acting, now, writing
from huancha.commands.joint_demo import demo
from huancha.commands.joint_shown import as_json, show_members, show_reviews, show_rings
from huancha.commands.options import JsonOption, WorkspaceOption, listing, workspace_path
from huancha.commands.output import print_json, print_line, say
from huancha.workspace import open_workspace

if TYPE_CHECKING:
    from casework.bundles import SealKeys
    from casework.joint import Side

app = typer.Typer(
    help="""Joint review with other offices: parcels to and fro, rings that no side sees alone (docs/joint-review.md).

    Without a command it lists the reviews. Who acts is the login name, with the roles of HUANCHA_PEOPLE.

    Example: huancha joint open 京津冀联审 --own bj.json --with tj.json --with hb.json --purpose 跨省团伙研判
    """,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)

DAY = ["%Y-%m-%d"]
ReviewArgument = Annotated[str, typer.Argument(metavar="REVIEW", help="The review's id, jr_…")]
RingArgument = Annotated[str, typer.Argument(metavar="RING", help="The joint ring's id, jg_…")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The number of what was proposed.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason; it is kept.")]
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Where parcels lie as files.")]


First = Annotated[
    datetime, typer.Option(formats=DAY, metavar="YYYY-MM-DD", help="First day looked at.")
]
Last = Annotated[
    datetime, typer.Option(formats=DAY, metavar="YYYY-MM-DD", help="Last day looked at.")
]
Until = Annotated[
    datetime, typer.Option(formats=DAY, metavar="YYYY-MM-DD", help="Last day for parcels.")
]


@app.command("card")
def card(
    ctx: typer.Context,
    area: Annotated[str, typer.Option("--area", metavar="CODE", help="The 区划 code, 110000.")],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="The office's name.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Print this office's card as JSON, to be handed to the others; read its fingerprint out by telephone.

    Example: huancha joint card --area 110000 --name 北京市医疗保障局 > bj.json
    """
    from casework.joint import own_side

    side = own_side(_keys(workspace_path(ctx, workspace)), area, name)
    print_json(vars(side))
    say(f"指纹 fingerprint: {side.keys.fingerprint}")


@app.command("open")
def open_(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the review is called.")],
    own: Annotated[Path, typer.Option(metavar="FILE", help="This office's card.")],
    with_: Annotated[
        list[Path], typer.Option("--with", metavar="FILE", help="Another side's card; many times.")
    ],
    purpose: Annotated[str, typer.Option(metavar="TEXT", help="What it is for.")],
    law: Annotated[str, typer.Option(metavar="TEXT", help="Document and article.")],
    first: First,
    last: Last,
    until: Until,
    workspace: WorkspaceOption = None,
) -> None:
    """Propose a review with other offices; once another person decides, the invitations are in the post.

    Example: huancha joint open 京津冀联审 --own bj.json --with tj.json --with hb.json --purpose 研判 --law 条例第二十二条
    --first 2025-01-01 --last 2025-12-31 --until 2026-12-31
    """
    from casework import joint

    terms = joint.Terms(name, purpose, law, first.date(), last.date(), until.date())
    with writing(workspace_path(ctx, workspace)) as tx:
        sides = [_side(file) for file in with_]
        made = joint.propose_open(tx, acting(), terms, _side(own), sides, now())
    say(f"{made.no}: {made.subject} 已提请，须由他人决定 proposed, another person decides")


@app.command("accept")
def accept(
    ctx: typer.Context,
    review: ReviewArgument,
    fingerprint: Annotated[
        list[str], typer.Option(metavar="HEX", help="Of each other side, as it read it out.")
    ],
    why: Why,
    workspace: WorkspaceOption = None,
) -> None:
    """Propose to accept an invitation, with the fingerprints the other sides read out by telephone.

    Example: huancha joint accept jr_x7… --fingerprint 3f… --fingerprint 9c… --why 已电话核对
    """
    from casework import joint

    with writing(workspace_path(ctx, workspace)) as tx:
        made = joint.propose_accept(tx, acting(), review, fingerprint, why, now())
    say(f"{made.no}: 已提请，须由他人决定 proposed, another person decides")


@app.command("prepare")
def prepare(
    ctx: typer.Context, review: ReviewArgument, why: Why, workspace: WorkspaceOption = None
) -> None:
    """Make this side's part from the live tables; another person reads it (`read`) and lets it go (`decide`).

    Example: huancha joint prepare jr_x7… --why 按联审方案报送
    """
    from casework import joint

    path = workspace_path(ctx, workspace)
    keys, opened = _keys(path), open_workspace(path)
    with opened.casework() as store, store.read() as tx:
        held = joint.review(tx, review)
    part = joint.make_part(current_snapshot(path), held, held.key(keys), opened.identities())
    with writing(path) as tx:
        made = joint.prepare(tx, keys, acting(), review, "part", part, why, now())
    say(
        f"{made.proposal.no}: {len(part['persons']):,} 人 persons, {len(part['pairs']):,} 对 pairs, "
        f"{len(part['tokens']):,} 标识 tokens, sha256 {made.digest[:16]}; 须由他人决定 another person decides"
    )


@app.command("read")
def read(ctx: typer.Context, number: Number, workspace: WorkspaceOption = None) -> None:
    """Print what was prepared, exactly as it would leave.

    Example: huancha joint read 3
    """
    from casework import joint

    path = workspace_path(ctx, workspace)
    acting()
    with open_workspace(path).casework() as store, store.read() as tx:
        print_json(joint.prepared(tx, _keys(path), number).content)


@app.command("decide")
def decide(
    ctx: typer.Context,
    number: Number,
    why: Why,
    approve: Annotated[bool, typer.Option("--approve/--refuse", help="The decision.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Decide as the second person: on opening, accepting, closing, and on what was prepared to leave.

    Example: huancha joint decide 3 --approve --why 已核对
    """
    from casework import joint

    path = workspace_path(ctx, workspace)
    with writing(path) as tx:
        kind = joint.decide(tx, _keys(path), acting(), number, why, now(), approve=approve)
    say(f"{number}: {kind} {'已批准 approved' if approve else '未批准 refused'}")


@app.command("send")
def send(
    ctx: typer.Context, review: ReviewArgument, folder: Folder, workspace: WorkspaceOption = None
) -> None:
    """Send what was approved, and write every parcel of the review to FOLDER/<区划 code of its recipient>.

    Example: huancha joint send jr_x7… /media/usb/out
    """
    from casework import joint

    path = workspace_path(ctx, workspace)
    keys = _keys(path)
    with writing(path) as tx:
        for number in joint.ready(tx, review):
            joint.send_prepared(tx, keys, acting(), number, now())
    with open_workspace(path).casework() as store:
        written = joint.put_out(store, review, folder)
    for file in written:
        print_line(str(file))


@app.command("receive")
def receive(ctx: typer.Context, folder: Folder, workspace: WorkspaceOption = None) -> None:
    """Take the parcels that lie in FOLDER; what is refused is named and stays.

    Example: huancha joint receive /media/usb/out/120000
    """
    from casework import joint

    path = workspace_path(ctx, workspace)
    with open_workspace(path).casework() as store:
        found = joint.collect(store, _keys(path), acting(), folder, now())
    for one in found.taken:
        print_line(f"{one.peer}  {one.number}  {one.kind}")
    for name, bad in found.refused:
        say(f"{name}: {bad}")
    if found.refused:
        raise typer.Exit(1)


@app.command("assemble")
def assemble(ctx: typer.Context, review: ReviewArgument, workspace: WorkspaceOption = None) -> None:
    """Assemble rings from every part held; all sides with the same parts get the same digest.

    Example: huancha joint assemble jr_x7…
    """
    from casework import joint

    path = workspace_path(ctx, workspace)
    with writing(path) as tx:
        made = joint.assemble_review(tx, _keys(path), acting(), review, now())
        shown = joint.joint_rings(tx, review)
    for side, digest in made.parts.items():
        print_line(f"{side}  {digest}")
    say(f"{made.found} 条 rings, 本方可见 shown here {len(shown)}; digest {made.digest[:16]}")


@app.command("list")
def list_(ctx: typer.Context, workspace: WorkspaceOption = None, json_: JsonOption = False) -> None:
    """List the joint reviews.

    Example: huancha joint list
    """
    from casework import joint

    path = workspace_path(ctx, workspace)
    with open_workspace(path).casework() as store, store.read() as tx:
        held = joint.reviews(tx)
    if json_:
        print_json([as_json(one) for one in held])
        return
    show_reviews(held)


@app.command("show")
def show(
    ctx: typer.Context,
    review: ReviewArgument,
    ring: Annotated[str | None, typer.Argument(metavar="[RING]", help="One ring, jg_…")] = None,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """Show the joint rings this side has a subject in, or to a liaison the members of one; others' persons stay blind.

    Example: huancha joint show jr_x7… jg_k2…
    """
    from casework import joint
    from casework.people import Role, require

    path = workspace_path(ctx, workspace)
    with open_workspace(path).casework() as store, store.read() as tx:
        held = joint.review(tx, review)
        if ring is None:
            show_rings(held, joint.joint_rings(tx, review), json_)
        else:
            require(acting(), Role.LIAISON, held.side)
            show_members(tx, path, held, ring, json_)


@app.command("release")
def release(
    ctx: typer.Context,
    review: ReviewArgument,
    ring: RingArgument,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Our own subject, pt_…")],
    fields: Annotated[
        list[str], typer.Option("--field", metavar="FIELD", help="name, certno, tel, addr …")
    ],
    why: Why,
    workspace: WorkspaceOption = None,
) -> None:
    """Propose to tell the sides concerned who one of our own is; another person decides, `send` sends it.

    Example: huancha joint release jr_x7… jg_k2… pt_a9… --field name --field certno --why 联合约谈
    """
    from casework import joint

    path = workspace_path(ctx, workspace)
    identities = open_workspace(path).identities()
    with writing(path) as tx:
        made = joint.propose_release(
            tx, _keys(path), acting(), review, ring, person, fields, identities, why, now()
        )
    say(f"{made.proposal.no}: 已提请，须由他人决定 proposed, another person decides")


@app.command("close")
def close(
    ctx: typer.Context, review: ReviewArgument, why: Why, workspace: WorkspaceOption = None
) -> None:
    """Propose to end this office's part in a review; another person decides.

    Example: huancha joint close jr_x7… --why 研判结束
    """
    from casework import joint

    with writing(workspace_path(ctx, workspace)) as tx:
        made = joint.propose_close(tx, acting(), review, why, now())
    say(f"{made.no}: 已提请，须由他人决定 proposed, another person decides")


app.command("demo")(demo)


def _keys(path: Path) -> "SealKeys":
    from casework.bundles import seal_keys

    return seal_keys(path)


def _side(file: Path) -> "Side":
    from casework.joint import side_from

    return side_from(file.read_text("utf-8"))


listing(app, list_)
