"""What a joint review refuses; every message says what to do."""

from enum import StrEnum

from casework.errors import CaseworkError


class Fault(StrEnum):
    """Why a parcel is refused."""

    UNREADABLE = "it is no parcel, or not whole"
    NOT_FOR_US = "it is sealed for another office"
    FORGED = "its signature is not the named sender's"
    FOREIGN = "its sender takes no part in that review"
    UNKNOWN = "its review is not known here"
    NOT_ACCEPTED = "that review is not accepted here"
    REPLAYED = "it was taken already"
    OLD = "a parcel of that number was taken already, and it was another"
    OUT_OF_ORDER = "an earlier parcel of that sender is missing"
    OVER = "the review is over or closed"


class BadParcel(CaseworkError):
    """A parcel is not taken; `fault` says why, nothing of it was kept."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        self.fault = fault
        self.detail = detail
        said = f"{fault}, {detail}" if detail else str(fault)
        super().__init__(f"The parcel is not taken ({said}): tell its sender, ask for it again.")


class NoReview(CaseworkError):
    """There is no such joint review here."""

    def __init__(self, review: str) -> None:
        self.review = review
        super().__init__(f"There is no joint review {review}: see `huancha joint list`.")


class NotOpen(CaseworkError):
    """A joint review is not at a step that allows this."""

    def __init__(self, review: str, why: str) -> None:
        self.review = review
        self.why = why
        super().__init__(f"Joint review {review} is not open to this ({why}): see its state.")


class WrongFingerprints(CaseworkError):
    """The fingerprints somebody checked are not those of the other sides of an invitation."""

    def __init__(self, review: str, wrong: tuple[str, ...]) -> None:
        self.review = review
        self.wrong = wrong
        super().__init__(
            f"Fingerprints of {', '.join(wrong)} were not checked for review {review}: ask each side for its "
            "own by telephone, not by the way the invitation came."
        )


class BadInvitation(CaseworkError):
    """An invitation does not say what it must."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"This is no invitation to a joint review ({why}): correct it.")


class NothingPrepared(CaseworkError):
    """Nothing of that number was prepared and approved, or it was sent already."""

    def __init__(self, no: int) -> None:
        self.no = no
        super().__init__(f"Nothing approved waits to be sent under number {no}: prepare it first.")


class BadPart(CaseworkError):
    """A side's part does not say what it must, or says more."""

    def __init__(self, side: str, why: str) -> None:
        self.side = side
        self.why = why
        super().__init__(f"The part of {side} cannot be used ({why}): ask that side for it again.")


class NotOurs(CaseworkError):
    """Something was to be released that is not this side's to release."""

    def __init__(self, what: str, why: str) -> None:
        self.what = what
        self.why = why
        super().__init__(f"{what} cannot be released here ({why}): ask the side it belongs to.")


class NoJointRing(CaseworkError):
    """No such joint ring is shown to this side."""

    def __init__(self, ring: str) -> None:
        self.ring = ring
        super().__init__(
            f"There is no joint ring {ring} here: assemble first, see `huancha joint show`."
        )
