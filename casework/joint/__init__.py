"""Joint review between separate installations: parcels to and fro, rings assembled from all sides' parts."""

from casework.joint.consent import decide_accept, decide_close, decide_open, propose_accept
from casework.joint.errors import (
    BadInvitation,
    BadParcel,
    Fault,
    NoReview,
    NothingPrepared,
    NotOpen,
    WrongFingerprints,
)
from casework.joint.folders import Collected, collect, put_out
from casework.joint.invitation import Invitation, Terms
from casework.joint.office import Side, own_side
from casework.joint.parcels import Logged, exchanged, files, receive, received, send, sent
from casework.joint.prepared import Prepared, decide_prepared, prepare, prepared, send_prepared
from casework.joint.reviews import Review, State, propose_close, propose_open, review, reviews

__all__ = [
    "BadInvitation",
    "BadParcel",
    "Collected",
    "Fault",
    "Invitation",
    "Logged",
    "NoReview",
    "NotOpen",
    "NothingPrepared",
    "Prepared",
    "Review",
    "Side",
    "State",
    "Terms",
    "WrongFingerprints",
    "collect",
    "decide_accept",
    "decide_close",
    "decide_open",
    "decide_prepared",
    "exchanged",
    "files",
    "own_side",
    "prepare",
    "prepared",
    "propose_accept",
    "propose_close",
    "propose_open",
    "put_out",
    "receive",
    "received",
    "review",
    "reviews",
    "send",
    "send_prepared",
    "sent",
]
