"""`huancha export`: propose that something leave, let it leave, build it, and keep where it is."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from huancha.commands.acting import acting, now, writing
from huancha.commands.options import JsonOption, WorkspaceOption, listing, workspace_path
from huancha.commands.output import plain_table, print_json, print_line, print_shown, say, stdout
from huancha.workspace import open_workspace

if TYPE_CHECKING:
    from casework.releases import Release

app = typer.Typer(
    help="""Exports that leave: proposed by one person, released by another, sealed, and followed.

    Without a command it lists them. Who acts is the login name, with the roles of HUANCHA_PEOPLE.

    Example: huancha export propose ring rg_k2… --area 110105 --to 市公安局 --person 王警官 --profile police --law "医保发〔2021〕49号" --why 移送
    """,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The number of the release.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason; it is kept.")]
To = Annotated[str, typer.Option("--to", metavar="TEXT", help="Who gets it.")]


@app.command("propose")
def propose(
    ctx: typer.Context,
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="ring, case or view.")],
    id_: Annotated[str, typer.Argument(metavar="ID", help="rg_…, cs_…, or a name for the view.")],
    area: Annotated[str, typer.Option("--area", metavar="CODE", help="The 区划 code.")],
    to: To,
    person: Annotated[str, typer.Option("--person", metavar="NAME", help="Who there.")],
    profile: Annotated[str, typer.Option("--profile", help="police, bureau or research.")],
    law: Annotated[str, typer.Option("--law", metavar="TEXT", help="Document and article.")],
    why: Why,
    format_: Annotated[
        list[str] | None, typer.Option("--format", metavar="NAME", help="Only these; many times.")
    ] = None,
    node: Annotated[
        list[str] | None,
        typer.Option("--node", metavar="ID", help="A node of the view; many times."),
    ] = None,
    attach: Annotated[
        list[int] | None, typer.Option("--attach", metavar="N", help="An attachment of the case.")
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Propose that a ring, a case or a chosen view leave as it stands now; another person decides.

    Example: huancha export propose ring rg_k2… --area 110105 --to 市公安局 --person 王警官 --profile police --law "医保发〔2021〕49号" --why 移送
    """
    from casework import releases
    from huancha.exporting import Recipient, drafted

    kinds = list(releases.Subject)
    if subject not in kinds:
        raise typer.BadParameter(f"{subject} cannot be exported; name one of {', '.join(kinds)}.")
    path = workspace_path(ctx, workspace)
    with writing(path) as tx:
        at = now()
        draft = drafted(
            tx, path, releases.Subject(subject), id_, area, Recipient(to, person, profile), law, at,
            formats=format_ or (), nodes=node or (), attachments=attach or (),
        )  # fmt: skip
        _said(releases.propose(tx, acting(), draft, why, at))


@app.command("approve")
def approve(ctx: typer.Context, no: Number, why: Why, workspace: WorkspaceOption = None) -> None:
    """Release what somebody else proposed.

    Example: huancha export approve 3 --why 同意
    """
    _decide(workspace_path(ctx, workspace), no, why, approve=True)


@app.command("refuse")
def refuse(ctx: typer.Context, no: Number, why: Why, workspace: WorkspaceOption = None) -> None:
    """Refuse what somebody else proposed.

    Example: huancha export refuse 3 --why 不宜外送
    """
    _decide(workspace_path(ctx, workspace), no, why, approve=False)


@app.command("build")
def build(
    ctx: typer.Context,
    no: Number,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The .zip to write.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Seal what was released; built again it is the same to the byte, or it is refused.

    Example: huancha export build 3 --out ring.zip
    """
    from casework import releases
    from huancha.exporting import maker

    path = workspace_path(ctx, workspace)
    with open_workspace(path).casework() as store:
        step = releases.build(store, acting(), no, maker(path), out, now())
    say(f"{no}: 已封装 sealed  {out}  SHA-256 {step.sha256}")


@app.command("opened")
def opened(
    ctx: typer.Context,
    no: Number,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who opened it.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Keep who opened a bundle.

    Example: huancha export opened 3 --by 王警官
    """
    _happened(workspace_path(ctx, workspace), no, "opened", by)


@app.command("sent")
def sent(
    ctx: typer.Context,
    no: Number,
    to: To,
    how: Annotated[str, typer.Option("--how", metavar="TEXT", help="By which way.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Keep that a bundle was sent, to whom and how.

    Example: huancha export sent 3 --to 王警官 --how 专人送达
    """
    _happened(workspace_path(ctx, workspace), no, "sent", to, how)


@app.command("received")
def received(
    ctx: typer.Context,
    no: Number,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who received it.")],
    receipt: Annotated[str, typer.Option("--receipt", metavar="TEXT", help="The receipt (回执).")],
    workspace: WorkspaceOption = None,
) -> None:
    """Keep the receipt of a bundle.

    Example: huancha export received 3 --by 王警官 --receipt 京公回〔2026〕1号
    """
    _happened(workspace_path(ctx, workspace), no, "received", by, note=receipt)


@app.command("returned")
def returned(
    ctx: typer.Context,
    no: Number,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who returned it.")],
    why: Why,
    workspace: WorkspaceOption = None,
) -> None:
    """Keep that a bundle came back.

    Example: huancha export returned 3 --by 王警官 --why 材料不全
    """
    _happened(workspace_path(ctx, workspace), no, "returned", by, note=why)


@app.command("list")
def list_(ctx: typer.Context, workspace: WorkspaceOption = None, json_: JsonOption = False) -> None:
    """What was proposed, released and sent, sealed referrals too: for whom, when, as which bundle; the newest first.

    Example: huancha export list
    """
    from casework.register import register

    person = acting()
    with open_workspace(workspace_path(ctx, workspace)).casework() as store, store.read() as tx:
        found = register(tx, person)
    if json_:
        print_json([vars(one) for one in found])
        return
    table = plain_table(
        no=">号", state="状态", released="批准", sent="送出", SHA256="SHA-256", what="内容与去向"
    )
    for one in found:
        times = (str(at or "")[:16] for at in (one.released_at, one.sent_at))
        what = f"{one.subject} {one.referral}" if one.referral else one.subject
        said = f"{what} {one.id} → {one.body} {one.person} ({one.profile}) {one.maker} / {one.reviewer or '–'}"
        table.add_row(str(one.no), one.state, *times, (one.sha256 or "")[:16], escape(said))
    stdout.print(table)
    print_shown(len(found), len(found))


@app.command("show")
def show(
    ctx: typer.Context, no: Number, workspace: WorkspaceOption = None, json_: JsonOption = False
) -> None:
    """A release with all of its custody.

    Example: huancha export show 3
    """
    from casework import releases
    from casework.people import inside

    person = acting()
    with open_workspace(workspace_path(ctx, workspace)).casework() as store, store.read() as tx:
        found = releases.release(tx, no)
    if not inside(person.regions, found.draft.area):
        raise releases.NoRelease(no, "it is of another region")
    if json_:
        print_json(_facts(found))
        return
    draft = found.draft
    print_line(f"{no}  {found.state}  {draft.subject} {draft.id}  {', '.join(draft.formats)}")
    print_line(f"{draft.body} {draft.person} ({draft.profile})  {draft.law}  {found.why}")
    table = plain_table(
        step=">步", event="事件", at="时间", actor="经手人", what="对方、方式、回执或理由"
    )
    for step in found.custody:
        said = "  ".join(filter(None, (step.who, step.how, step.note)))
        cells = (step.event, str(step.at)[:16], step.actor, said)
        table.add_row(str(step.step), *map(escape, cells))
    stdout.print(table)


@app.command("card")
def card(ctx: typer.Context, workspace: WorkspaceOption = None) -> None:
    """This installation's public keys, to hand to others; the fingerprint is what you read out to them.

    Example: huancha export card
    """
    from casework.bundles import seal_keys

    acting()
    held = seal_keys(workspace_path(ctx, workspace)).card()
    say(f"指纹 fingerprint  {held.fingerprint}")
    print_line(held.text())


def _decide(path: Path, no: int, why: str, *, approve: bool) -> None:
    from casework import releases

    with writing(path) as tx:
        _said(releases.decide(tx, acting(), no, why, now(), approve=approve))


def _happened(path: Path, no: int, event: str, who: str, how: str = "", note: str = "") -> None:
    from casework import releases

    with writing(path) as tx:
        kept = releases.Event(event)
        releases.happened(tx, acting(), no, kept, now(), who=who, how=how, note=note)
    say(f"{no}: 已登记 kept  {event}  {who}")


def _said(release: "Release") -> None:
    held = {"proposed": "待批准 waits", "released": "已批准 released", "refused": "未批准 refused"}
    say(f"{release.no}: {release.draft.subject} {release.draft.id} {held[release.state]}")


def _facts(release: "Release") -> dict[str, object]:
    custody = [vars(step) for step in release.custody]
    return vars(release) | {
        "draft": vars(release.draft),
        "state": release.state,
        "custody": custody,
    }


listing(app, list_)
