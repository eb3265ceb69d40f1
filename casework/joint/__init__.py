"""Joint review between separate installations: parcels to and fro, rings assembled from all sides' parts."""

from casework.joint.assembly import JointRing
from casework.joint.blind import Blinder
from casework.joint.consent import decide, decide_accept, decide_close, decide_open, propose_accept
from casework.joint.errors import (
    BadInvitation,
    BadParcel,
    BadPart,
    Fault,
    NoJointRing,
    NoReview,
    NothingPrepared,
    NotOpen,
    NotOurs,
    WrongFingerprints,
)
from casework.joint.folders import Collected, collect, put_out
from casework.joint.invitation import Invitation, Terms
from casework.joint.office import Side, own_side, side_from
from casework.joint.parcels import Logged, exchanged, files, receive, received, send, sent
from casework.joint.part import make_part, subjects
from casework.joint.prepared import (
    Prepared,
    decide_prepared,
    prepare,
    prepared,
    ready,
    send_prepared,
)
from casework.joint.release import FIELDS, Released, propose_release, releases
from casework.joint.reviews import Review, State, propose_close, propose_open, review, reviews
from casework.joint.rings import (
    Assembly,
    Member,
    assemble_review,
    assembly,
    joint_ring,
    joint_rings,
    members,
)

__all__ = [
    "FIELDS",
    "Assembly",
    "BadInvitation",
    "BadParcel",
    "BadPart",
    "Blinder",
    "Collected",
    "Fault",
    "Invitation",
    "JointRing",
    "Logged",
    "Member",
    "NoJointRing",
    "NoReview",
    "NotOpen",
    "NotOurs",
    "NothingPrepared",
    "Prepared",
    "Released",
    "Review",
    "Side",
    "State",
    "Terms",
    "WrongFingerprints",
    "assemble_review",
    "assembly",
    "collect",
    "decide",
    "decide_accept",
    "decide_close",
    "decide_open",
    "decide_prepared",
    "exchanged",
    "files",
    "joint_ring",
    "joint_rings",
    "make_part",
    "members",
    "own_side",
    "prepare",
    "prepared",
    "propose_accept",
    "propose_close",
    "propose_open",
    "propose_release",
    "put_out",
    "ready",
    "receive",
    "received",
    "releases",
    "review",
    "reviews",
    "send",
    "send_prepared",
    "sent",
    "side_from",
    "subjects",
]
