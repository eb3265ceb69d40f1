"""What can go wrong between the graph and its files; every message says what to do."""

from pathlib import Path


class GraphError(Exception):
    """Root of everything `graph` raises on purpose."""


class NoSnapshot(GraphError):
    """Nothing has been loaded into the workspace yet."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        super().__init__(f"{workspace} holds no snapshot: load a folder of exports first.")


class UnreadableSnapshot(GraphError):
    """A snapshot's folder is not what its manifest promises."""

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        self.why = why
        super().__init__(f"The snapshot {path} cannot be read ({why}): load the exports again.")


class NoTable(GraphError):
    """A table was asked for that this snapshot does not have."""

    def __init__(self, snapshot: str, table: str) -> None:
        self.snapshot = snapshot
        self.table = table
        super().__init__(
            f"Snapshot {snapshot} has no {table}: load its export, or ask Snapshot.has first."
        )


class NoScan(GraphError):
    """No finished scan, or not the one that was asked for."""

    def __init__(self, workspace: Path, scan: str | None = None) -> None:
        self.workspace = workspace
        self.scan = scan
        what = f"no scan {scan}" if scan else "no finished scan"
        super().__init__(f"{workspace} holds {what}: run a scan first.")


class NoRing(GraphError):
    """The latest scan has no such ring."""

    def __init__(self, ring: str) -> None:
        self.ring = ring
        super().__init__(f"No ring {ring} in the latest scan: list them first.")


class ScanExists(GraphError):
    """A published scan is immutable; its id cannot be written again."""

    def __init__(self, scan: str) -> None:
        self.scan = scan
        super().__init__(f"Scan {scan} is already published: give the new scan an id of its own.")


class WrongColumns(GraphError):
    """A table was handed over with other columns than the contract names."""

    def __init__(self, table: str, missing: tuple[str, ...], unknown: tuple[str, ...]) -> None:
        self.table = table
        self.missing = missing
        self.unknown = unknown
        super().__init__(
            f"{table} does not have the columns of graph/schema.py "
            f"(missing {list(missing)}, unknown {list(unknown)}): bring them into line."
        )


class BrokenLedger(GraphError):
    """A line of an append-only file in the workspace cannot be read; line 0 is the file as a whole."""

    def __init__(self, path: Path, line: int, why: str) -> None:
        self.path = path
        self.line = line
        self.why = why
        where = f"line {line}" if line else "the file"
        super().__init__(f"{path}, {where}: {why}. Restore it from a backup; nothing was changed.")


class NotIgnorable(GraphError):
    """A decision to ignore something was not recorded."""

    def __init__(self, named: str, why: str) -> None:
        self.named = named
        self.why = why
        super().__init__(f"{named} was not recorded ({why}): correct that and give it again.")


class NoIgnore(GraphError):
    """No decision of that number is open."""

    def __init__(self, no: int) -> None:
        self.no = no
        super().__init__(f"No open decision to ignore has number {no}: list them first.")


class UnknownNodes(GraphError):
    """An edge or a state was written for nodes the store does not hold."""

    def __init__(self, ids: tuple[str, ...]) -> None:
        self.ids = ids
        few = ", ".join(ids[:5]) + (" …" if len(ids) > 5 else "")
        super().__init__(f"{len(ids)} unknown nodes ({few}): write them first, or load them.")


class UnknownRegistrations(GraphError):
    """A state was decided on registrations that are not in the graph."""

    def __init__(self, pairs: tuple[tuple[str, str], ...]) -> None:
        self.pairs = pairs
        few = ", ".join(" at ".join(pair) for pair in pairs[:5]) + (" …" if len(pairs) > 5 else "")
        super().__init__(
            f"{len(pairs)} unknown registrations ({few}): decide on the practitioner, or load them."
        )


class TooWide(GraphError):
    """A search for paths met more nodes than it may hold."""

    def __init__(self, met: int, most: int) -> None:
        self.met = met
        self.most = most
        super().__init__(
            f"The search met {met} nodes, more than {most}: "
            "choose fewer kinds of edge, fewer hops or a lower limit for hubs."
        )


class NotEmptyFolder(GraphError):
    """Files would be written into a folder that holds others."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(f"{folder} is not empty: name a new or an empty folder.")


class ServerFault(GraphError):
    """Root of what goes wrong between us and a graph server; `server` is its address."""

    def __init__(self, server: str, sentence: str) -> None:
        self.server = server
        super().__init__(sentence)


class ServerAway(ServerFault):
    """Nobody answers at the server's address, or the connection broke."""

    def __init__(self, server: str) -> None:
        super().__init__(
            server,
            f"The graph server {server} does not answer: start it, check its address and the "
            "firewall, then run this again; what was written stays whole.",
        )


class WrongPassword(ServerFault):
    """The server does not take the user or the password."""

    def __init__(self, server: str, user: str) -> None:
        self.user = user
        super().__init__(
            server,
            f"The graph server {server} does not take the password of {user}: correct the user or "
            "the password; after several tries wait some seconds.",
        )


class ServerReadOnly(ServerFault):
    """The server, or the rights of the user, allow reading only."""

    def __init__(self, server: str) -> None:
        super().__init__(
            server,
            f"The graph server {server} may only be read: name a user who may write, or lift "
            "read-only in its settings.",
        )


class WrongServerVersion(ServerFault):
    """The server is older than what the queries need, or not Neo4j at all."""

    def __init__(self, server: str, version: str, least: str) -> None:
        self.version = version
        self.least = least
        super().__init__(
            server,
            f"The graph server {server} is {version}, Neo4j {least} or newer is needed: update it, "
            "or correct its address.",
        )


class ServerFull(ServerFault):
    """The server has no disk or no memory left for what was asked."""

    def __init__(self, server: str, what: str) -> None:
        self.what = what
        super().__init__(
            server,
            f"The graph server {server} is out of {what}: give it more {what}, restart it, then run "
            "this again; a load goes on where it stopped.",
        )


class ServerBroken(ServerFault):
    """The server runs, but has shut its database after an error of its own."""

    def __init__(self, server: str) -> None:
        super().__init__(
            server,
            f"The graph server {server} has shut its database after an error of its own, a full disk "
            "for one: put right what its log names, restart it, then run this again.",
        )


class ServerTimeout(ServerFault):
    """The server did not answer, or did not finish, in the time allowed."""

    def __init__(self, server: str) -> None:
        super().__init__(
            server,
            f"The graph server {server} did not answer in time: ask for less at once, or try again "
            "when it is less busy.",
        )


class ServerRefused(ServerFault):
    """The server refused for a reason of its own; `code` is Neo4j's name for it.

    `words` are the plain words its message begins with where the fault is the server's, else empty.
    """

    def __init__(self, server: str, code: str, words: str = "") -> None:
        self.code = code
        self.words = words
        why = f"{code}: {words}" if words else code
        super().__init__(
            server,
            f"The graph server {server} refused ({why}): look that code up in its log and put it right.",
        )


class NotOurGraph(ServerFault):
    """The server's database holds nodes that no load of ours made."""

    def __init__(self, server: str, nodes: int) -> None:
        self.nodes = nodes
        super().__init__(
            server,
            f"The database of {server} holds {nodes} nodes that are not ours: name an empty one.",
        )


class NotLoaded(ServerFault):
    """The server holds no whole graph: nothing was loaded, or a load has not come to its end."""

    def __init__(self, server: str, snapshot: str | None = None) -> None:
        self.snapshot = snapshot
        what = f"half of snapshot {snapshot}" if snapshot else "no graph"
        super().__init__(server, f"The graph server {server} holds {what}: load it to the end.")


class OtherSnapshot(ServerFault):
    """The server holds another snapshot than the one that was scanned."""

    def __init__(self, server: str, held: str, scanned: str) -> None:
        self.held = held
        self.scanned = scanned
        super().__init__(
            server,
            f"The graph server {server} holds snapshot {held}, the scan is of {scanned}: "
            "huancha load --graph puts both there.",
        )


class GraphReplaced(ServerFault):
    """The graph behind a view was replaced, by another snapshot or another scan."""

    def __init__(self, server: str) -> None:
        super().__init__(
            server, f"The graph on {server} was replaced while it was read: open it again."
        )


class OtherGraph(ServerFault):
    """The server holds another snapshot or another scan than the workspace shows."""

    def __init__(self, server: str, held: str, wanted: str) -> None:
        self.held = held
        self.wanted = wanted
        super().__init__(
            server, f"The graph server {server} holds {held}, not {wanted}: load it again."
        )


class LoadedElsewhere(ServerFault):
    """Another load of the same server took over."""

    def __init__(self, server: str) -> None:
        super().__init__(
            server, f"Another load of {server} has begun: wait for its end, then run this again."
        )


class NotTheSame(ServerFault):
    """What the server holds is not what was sent: `what` should be `expected` and is `found`."""

    def __init__(self, server: str, what: str, expected: str, found: str) -> None:
        self.what = what
        self.expected = expected
        self.found = found
        super().__init__(
            server,
            f"After the load {server} holds {found} of {what}, not {expected}: nobody else may "
            "write there; load it anew.",
        )
