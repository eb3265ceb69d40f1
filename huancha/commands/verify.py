"""`huancha verify`: check a sealed bundle with nothing but the bundle."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from huancha.commands.options import JsonOption
from huancha.commands.output import plain_table, print_json, print_line, stdout

if TYPE_CHECKING:
    from casework.bundles import Checked

_WHAT = {"zip": "封装文件 the zip", "sealer": "签章 the seal"}
_FAULTS = {
    "no_bundle": "不是本系统的证据包，或其清单已损坏 no sealed bundle, or its manifest is broken",
    "changed": "与封装时不一致 not as it was sealed",
    "missing": "缺失 missing",
    "extra": "封装后加入 was put in afterwards",
    "elsewhere": "不在原处，未能核验 not where it should be, not checked",
    "unsigned": "签名不符或缺失 the signature is wrong or missing",
    "another_signer": "由他人签章 sealed by another than the fingerprint given",
}


def verify(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="The .zip as it was received.")],
    fingerprint: Annotated[
        str | None,
        typer.Option(
            "--fingerprint", metavar="F", help="Of the office that should have sealed it."
        ),
    ] = None,
    json_: JsonOption = False,
) -> None:
    """Check every byte of a sealed bundle, and by whom it was sealed. Needs no workspace, no settings, no network.

    Without --fingerprint, compare the one shown with what the office itself tells you.

    Example: huancha verify bundle.zip --fingerprint "8c1f 02…"
    """
    from casework.bundles import BrokenBundle
    from casework.bundles import verify as checked_of

    checked = checked_of(bundle, fingerprint)
    if json_:
        lines = [vars(line) for line in checked.lines]
        facts = vars(checked.manifest.facts) if checked.manifest else None
        print_json(
            {"whole": checked.whole, "sha256": checked.sha256, "signer": checked.signer}
            | {"facts": facts, "lines": lines}
        )
    else:
        _show(checked, confirmed=fingerprint is not None)
    if not checked.whole:
        raise BrokenBundle(bundle, sum(line.fault is not None for line in checked.lines))


def _show(checked: "Checked", *, confirmed: bool) -> None:
    parts = checked.manifest.files if checked.manifest else ()
    sizes = {part.name: f"{part.size:,}" for part in parts}
    table = plain_table(result="核验结果", size=">字节", part="部分")
    for line in checked.lines:
        said = _FAULTS[line.fault] if line.fault else "一致 as sealed"
        part = _WHAT.get(line.what, line.what)
        table.add_row(said, sizes.get(line.what, ""), escape(_plain(part)))
    stdout.print(table)
    print_line(f"证据包 bundle SHA-256  {checked.sha256}")
    if checked.manifest is None or checked.signer is None:
        return
    facts = checked.manifest.facts
    groups = " ".join(checked.signer[i : i + 4] for i in range(0, 64, 4))
    told = (
        "相符 as given"
        if confirmed
        else "请与签章单位公布的指纹核对 compare it with what the office tells"
    )
    for what, said in (
        ("签章指纹 sealed by", f"{groups}  {told}"),
        ("对象 subject", f"{facts.subject}  {facts.title}"),
        ("提请 made by", facts.maker),
        ("批准 released by", f"{facts.approver}  {facts.sealed_at}"),
        ("接收 for", f"{facts.recipient_body} {facts.recipient_person}  ({facts.profile})"),
        ("事由与依据 why", f"{facts.reason}  {facts.law}"),
    ):
        print_line(_plain(f"{what}  {said}"))


def _plain(text: str) -> str:
    """Nothing that a terminal would obey: the words may be a stranger's."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
