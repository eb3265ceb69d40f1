"""What goes between this bureau and others, as a person may see it. Every reader raises `CaseworkError`."""

from dataclasses import dataclass
from datetime import date

from casework import announcements, assistance, joint, rooms
from casework.announcements import Announcement
from casework.assistance import Bill, Directory, Request, read_directory
from casework.errors import CaseworkError
from casework.joint import JointRing, Member, Review
from casework.people import Actor, inside
from casework.rooms import Room
from casework.store import Tx
from huancha.bureaux import seat_of
from huancha.workspace import Workspace


@dataclass(frozen=True)
class Reviewed:
    """A review, its room, and the joint rings that hold a subject of this side's own."""

    review: Review
    room: Room
    rings: tuple[JointRing, ...]

    @property
    def listed(self) -> tuple[str, ...]:
        """The rings one may see, then those only talked about."""
        seen = [ring.id for ring in self.rings]
        return (*seen, *(one.ring for one in self.room.rings if one.ring not in seen))


@dataclass(frozen=True)
class Between:
    """The directory of today; reviews, letters, bills and announcements of the person's regions."""

    directory: Directory
    reviews: tuple[Reviewed, ...]
    requests: tuple[Request, ...]
    bills: tuple[Bill, ...]
    announced: tuple[Announcement, ...]

    def name(self, code: str, *, chinese: bool) -> str:
        """What a body is called; its code where the directory has none."""
        body = self.directory.bodies.get(code)
        if body is None:
            return code
        return body.zh if chinese else body.en


def between(workspace: Workspace, who: Actor, today: date) -> Between:
    """Everything the page shows; a person sees what the bodies of their regions have."""
    directory = read_directory(today, workspace.path)
    with workspace.casework() as store, store.read() as tx:
        held = [one for one in joint.reviews(tx) if inside(who.regions, one.side)]
        reviews = tuple(_reviewed(tx, one) for one in held)
        ids = {one.id for one in held}
        return Between(
            directory,
            reviews,
            tuple(one for one in assistance.requests(tx) if inside(who.regions, one.own)),
            tuple(one for one in assistance.bills(tx, today) if inside(who.regions, one.own)),
            tuple(one for one in announcements.announcements(tx) if one.review in ids),
        )


def _reviewed(tx: Tx, one: Review) -> Reviewed:
    rings = joint.joint_rings(tx, one.id)
    return Reviewed(one, rooms.room_of(tx, seat_of(one, rings)), rings)


def members(workspace: Workspace, review: str, ring: str) -> tuple[Member, ...]:
    """Who is in a joint ring, nobody where this side may not see it."""
    with workspace.casework() as store, store.read() as tx:
        try:
            return joint.members(tx, review, ring)
        except CaseworkError:
            return ()
