"""`huancha joint demo`: three offices and one world, a whole joint review on one machine."""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casework.beijing import beijing_now
from casework.people import Actor, Role
from graph.snapshot import current_snapshot
from huancha.commands.data import load_into
from huancha.commands.output import plain_table, print_line, print_shown, say, stdout
from huancha.commands.scans import scan_workspace
from huancha.errors import NoWorld
from huancha.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from casework.bundles import SealKeys
    from casework.joint import JointRing
    from casework.store import Store, Tx

NAMES = {"110000": "北京", "120000": "天津", "130000": "河北"}
RINGS = 3
SEED = 7


@dataclass(frozen=True)
class _Office:
    """One side of the demo; its two people exist in the demo alone."""

    code: str
    workspace: Workspace
    store: "Store"
    keys: "SealKeys"

    @property
    def liaison(self) -> Actor:
        return Actor(f"{NAMES[self.code]}联络员", frozenset({Role.LIAISON}))

    @property
    def second(self) -> Actor:
        return Actor(f"{NAMES[self.code]}审批人", frozenset({Role.APPROVER}))


def demo(
    folder: Annotated[
        Path, typer.Option(metavar="PATH", help="Where it lives: new or empty.")
    ] = Path("joint-demo"),
    visits: Annotated[
        int, typer.Option(min=8_000, metavar="N", help="Size of the world, all three offices.")
    ] = 20_000,
    workspace: Annotated[
        Path | None,
        typer.Option(
            "--workspace", metavar="PATH", help="Taken as everywhere; the demo has its own."
        ),
    ] = None,
) -> None:
    """Make three offices of one world, load and scan each, review jointly, and say which rings who sees.

    Their workspaces are FOLDER/110000/workspace and so on; the parcels lie in FOLDER/post.

    Example: huancha joint demo --folder joint-demo
    """
    from casework.bundles import seal_keys
    from casework.store import open_store

    _worlds(folder, visits)
    with ExitStack() as opened:
        offices = []
        for code, name in NAMES.items():
            say(f"{name}: 加载与扫描 load and scan")
            workspace_ = open_workspace(folder / code / "workspace")
            load_into(workspace_.path, folder / code / "exports", beijing_now())
            scan_workspace(workspace_, seed=1)
            store = opened.enter_context(open_store(workspace_.path))
            offices.append(_Office(code, workspace_, store, seal_keys(workspace_.path)))
        review = _agree(offices, folder / "post")
        _exchange(offices, review, folder / "post")
        _table(offices, review)
    say(
        f"再看 look again: huancha joint show {review} --workspace {folder / '110000' / 'workspace'}"
    )


def _worlds(folder: Path, visits: int) -> None:
    from loaders.synthetic import Dirt, WorldSettings, split_world, write_world

    if folder.exists() and any(folder.iterdir()):
        raise NoWorld(folder, "it is not empty: name another, or remove it")
    folder.mkdir(parents=True, exist_ok=True)
    say(f"合成跨省世界 a world across borders: {visits:,}")
    settings = WorldSettings(borders=RINGS, dirt=Dirt.none())
    write_world(folder / "world", visits=visits, seed=SEED, settings=settings)
    for code in NAMES:
        split_world(folder / "world", code[:2], folder / code / "exports")


def _agree(offices: list[_Office], post: Path) -> str:
    """Opened by the first, accepted by the others; everybody's two people take part."""
    from casework import joint

    first, *others = offices
    day = beijing_now().date()
    terms = joint.Terms(
        "京津冀联审演示", "跨省团伙线索联合研判", "医疗保障基金使用监督管理条例第二十二条",
        day.replace(year=2025, month=1, day=1), day.replace(year=2025, month=12, day=31),
        day + timedelta(days=90),
    )  # fmt: skip
    sides = {
        one.code: joint.own_side(one.keys, one.code, f"{NAMES[one.code]}医保") for one in offices
    }
    with first.store.write() as tx:
        asked = [sides[one.code] for one in others]
        made = joint.propose_open(tx, first.liaison, terms, sides[first.code], asked, beijing_now())
        _let_go(tx, first, made.no)
    _carry(offices, made.subject, post)
    prints = [side.keys.fingerprint for side in sides.values()]
    for one in others:
        with one.store.write() as tx:
            accepting = joint.propose_accept(
                tx, one.liaison, made.subject, prints, "指纹已电话核对", beijing_now()
            )
            _let_go(tx, one, accepting.no)
    _carry(offices, made.subject, post)
    return made.subject


def _exchange(offices: list[_Office], review: str, post: Path) -> None:
    """Each side's part to every other, then everybody assembles."""
    from casework import joint

    for one in offices:
        with one.store.read() as tx:
            held = joint.review(tx, review)
        snapshot = current_snapshot(one.workspace.path)
        part = joint.make_part(snapshot, held, held.key(one.keys), one.workspace.identities())
        with one.store.write() as tx:
            made = joint.prepare(
                tx, one.keys, one.liaison, review, "part", part, "按联审方案报送", beijing_now()
            )
            _let_go(tx, one, made.proposal.no)
            joint.send_prepared(tx, one.keys, one.liaison, made.proposal.no, beijing_now())
        say(
            f"{NAMES[one.code]}: 报送 sends {len(part['persons'])} 人 persons, {len(part['pairs'])} 对 pairs"
        )
    _carry(offices, review, post)
    for one in offices:
        with one.store.write() as tx:
            joint.assemble_review(tx, one.keys, one.liaison, review, beijing_now())


def _let_go(tx: "Tx", one: _Office, number: int) -> None:
    from casework import joint

    joint.decide(tx, one.keys, one.second, number, "核对无误", beijing_now(), approve=True)


def _carry(offices: list[_Office], review: str, post: Path) -> None:
    """What a courier does: every parcel from its sender's folder to its recipient."""
    from casework import joint

    for one in offices:
        joint.put_out(one.store, review, post / f"from-{one.code}")
    for one in offices:
        for folder in sorted(post.glob(f"from-*/{one.code}")):
            joint.collect(one.store, one.keys, one.liaison, folder, beijing_now())


def _table(offices: list[_Office], review: str) -> None:
    """Each ring: who sees it in the review, and whose own scan shows two of its people together."""
    from casework import joint

    seen: dict[str, tuple[JointRing, list[str], list[str]]] = {}
    for one in offices:
        name = NAMES[one.code]
        with one.store.read() as tx:
            held, rings = joint.review(tx, review), joint.joint_rings(tx, review)
        own = joint.subjects(
            current_snapshot(one.workspace.path),
            held,
            held.key(one.keys),
            one.workspace.identities(),
        )
        for ring in rings:
            _, sees, alone = seen.setdefault(ring.id, (ring, [], []))
            sees.append(name)
            if _in_own_scan(one.workspace, {own[b] for b in ring.members if b in own}):
                alone.append(name)
    table = plain_table(
        ring="线索", grade="等级", evidence=">证据", members=">人数", sees="联审可见",
        alone_or_explained="单方已见/解释",
    )  # fmt: skip
    for ring, sees, alone in sorted(seen.values(), key=lambda row: (-row[0].evidence, row[0].id)):
        table.add_row(
            ring.id, ring.grade, f"{ring.evidence:.1f}", str(len(ring.members)), " ".join(sees),
            " ".join([*alone, *ring.explanations]),
        )  # fmt: skip
    stdout.print(table)
    print_shown(len(seen), len(seen))
    strong = [alone for ring, _, alone in seen.values() if ring.grade != "C"]
    print_line(
        f"A、B 级 {len(strong)} 条，其中 {strong.count([])} 条仅联审可见  "
        f"{len(strong)} of grade A or B, {strong.count([])} of them seen jointly only"
    )


def _in_own_scan(workspace: Workspace, own: set[str]) -> bool:
    scan = workspace.scan()
    return scan is not None and any(
        len(own & {member.id for member in members}) > 1 for members in scan.all_members().values()
    )
