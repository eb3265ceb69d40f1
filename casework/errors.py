"""What casework refuses; every message says what to do."""

from datetime import date


class CaseworkError(Exception):
    """Root of everything `casework` raises on purpose."""


class UnknownActor(CaseworkError):
    """Something was to be done by nobody, or by somebody without a role."""

    def __init__(self, name: str) -> None:
        self.name = name
        who = f"{name!r} is not known here" if name.strip() else "Nobody is named as acting"
        super().__init__(f"{who}: sign in, or have an administrator give the person a role.")


class NoReason(CaseworkError):
    """A decision came without its reason."""

    def __init__(self, action: str) -> None:
        self.action = action
        super().__init__(f"{action} needs a reason: say why, it is kept in the audit.")


class UnusableStore(CaseworkError):
    """The store of decisions cannot be opened or written; `store` names it without a password."""

    def __init__(self, store: str, why: str, advice: str) -> None:
        self.store = store
        self.why = why
        super().__init__(f"The store of decisions {store} cannot be used ({why}): {advice}.")


class RefusedByStore(CaseworkError):
    """The database itself refused a change that breaks its rules; nothing of it was written."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"The store refused this ({why}): nothing was changed.")


class NewerStore(CaseworkError):
    """The store was written by a newer version of this software."""

    def __init__(self, store: str, held: int, known: int) -> None:
        self.store = store
        self.held = held
        self.known = known
        super().__init__(
            f"The store of decisions {store} is of version {held}, this software knows {known}: "
            "install the newer software; nothing was changed."
        )


class BrokenAudit(CaseworkError):
    """The audit is not as it was written, from entry `no` on."""

    def __init__(self, no: int, wrong: str) -> None:
        self.no = no
        self.wrong = wrong
        super().__init__(
            f"The audit does not hold at entry {no} ({wrong}): keep a copy of the store as it is, "
            "tell the auditor, and compare with the last backup."
        )


class BadPack(CaseworkError):
    """A pack of law does not say what it must."""

    def __init__(self, file: str, why: str) -> None:
        self.file = file
        self.why = why
        super().__init__(f"The pack of law {file} is wrong ({why}): correct it.")


class NoLaw(CaseworkError):
    """No pack of law was in force that day."""

    def __init__(self, day: date, area: str) -> None:
        self.day = day
        self.area = area
        super().__init__(
            f"No pack of law is in force on {day}: take a later day, or add the pack of that time."
        )


class NotInLaw(CaseworkError):
    """The law of a place gives no such number."""

    def __init__(self, rule: str, pack: str, day: date) -> None:
        self.rule = rule
        self.pack = pack
        self.day = day
        super().__init__(
            f"The pack {pack} has no {rule} on {day}: add it there, with document and article."
        )


class NoHolidays(CaseworkError):
    """Nobody told which days of a year are worked."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(
            f"The holidays of {year} are not known: put the State Council's notice of that year as "
            f"holidays/{year}.toml into the workspace; nothing is guessed."
        )


class NoTerm(CaseworkError):
    """A number of the law is no length of time or day that something could be due by."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        super().__init__(f"{rule} is no term: name a rule that counts hours, days or a day.")


class NotAllowed(CaseworkError):
    """The actor's roles or regions do not reach that far."""

    def __init__(self, name: str, role: str, area: str) -> None:
        self.name = name
        self.role = role
        self.area = area
        where = f" for {area}" if area else ""
        super().__init__(f"{name} is no {role}{where}: ask somebody who is.")


class SamePerson(CaseworkError):
    """Who made something also wants to approve it."""

    def __init__(self, name: str, what: str) -> None:
        self.name = name
        self.what = what
        super().__init__(f"{name} made {what} and may not decide on it: ask another person.")


class NoDocument(CaseworkError):
    """Points were proposed without a document that is already decided."""

    def __init__(self, document: str, decided_on: date) -> None:
        self.document = document
        self.decided_on = decided_on
        super().__init__(
            f"Points follow a decision only: give the number of its document (not {document!r}) "
            f"and its day, not later than today (not {decided_on})."
        )


class SameDocument(CaseworkError):
    """The person already has points for that document."""

    def __init__(self, practitioner: str, document: str) -> None:
        self.practitioner = practitioner
        self.document = document
        super().__init__(
            f"{practitioner} already has points by {document}: reverse that line first."
        )


class OutsideBand(CaseworkError):
    """Points lie outside the band that was chosen."""

    def __init__(self, points: int, band: int) -> None:
        self.points = points
        self.band = band
        super().__init__(
            f"{points} points are not in the band from {band} on: choose the band of the act, "
            "then points inside it."
        )


class NotRepairable(CaseworkError):
    """More points would be taken back than the law allows or the person has."""

    def __init__(self, points: int, left: int) -> None:
        self.points = points
        self.left = left
        super().__init__(f"{points} points cannot be repaired this year: at most {left} are left.")


class NoLine(CaseworkError):
    """The points ledger holds no such line in a state that allows this."""

    def __init__(self, no: int) -> None:
        self.no = no
        super().__init__(
            f"Line {no} of the points ledger is not open to this: list the lines first."
        )


class NoProposal(CaseworkError):
    """No proposal of that number, or of that kind, is open."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(
            f"Nothing proposed for {what} waits for a decision: list what waits first."
        )


class NoCase(CaseworkError):
    """There is no such case."""

    def __init__(self, case: str) -> None:
        self.case = case
        super().__init__(f"There is no case {case}: list the cases first.")


class OpenAlready(CaseworkError):
    """A case was opened from the same source and is not closed."""

    def __init__(self, source: str, case: str) -> None:
        self.source = source
        self.case = case
        super().__init__(f"{source} has the open case {case}: go on with that one.")


class NoTransition(CaseworkError):
    """The table of transitions has no such step."""

    def __init__(self, case: str, source: str, target: str) -> None:
        self.case = case
        self.source = source
        self.target = target
        super().__init__(
            f"Case {case} is {source} and cannot go to {target} like this: see its status."
        )


class NoEnd(CaseworkError):
    """A case was to be put aside until a day that is over."""

    def __init__(self, case: str, until: date) -> None:
        self.case = case
        self.until = until
        super().__init__(f"Case {case} cannot be put aside until {until}: name a later day.")


class NotASecondCase(CaseworkError):
    """Two cases cannot be joined: they are one, joined already, or the second is over."""

    def __init__(self, case: str, other: str) -> None:
        self.case = case
        self.other = other
        super().__init__(
            f"Case {case} cannot be joined with {other}: name another case that is open."
        )


class NoTask(CaseworkError):
    """No task of that number is open."""

    def __init__(self, no: int) -> None:
        self.no = no
        super().__init__(f"No open task has number {no}: list the tasks first.")


class TooLarge(CaseworkError):
    """A file is too large to be attached; both in bytes."""

    def __init__(self, name: str, size: int, most: int) -> None:
        self.name = name
        self.size = size
        self.most = most
        super().__init__(
            f"{name} has {size:,} bytes, at most {most:,} are kept: attach it in parts."
        )


class ChangedAttachment(CaseworkError):
    """The stored bytes of an attachment are not those that were attached."""

    def __init__(self, no: int) -> None:
        self.no = no
        super().__init__(
            f"Attachment {no} is not as it was attached: tell the auditor and take it from a backup."
        )


class NoTip(CaseworkError):
    """There is no such tip, or it is not at the step asked for."""

    def __init__(self, no: int) -> None:
        self.no = no
        super().__init__(f"Tip {no} is not at that step: list the tips first.")


class NoReporter(CaseworkError):
    """Nobody knows who gave the tip."""

    def __init__(self, no: int) -> None:
        self.no = no
        super().__init__(f"Who gave tip {no} is not known: it came without a name.")


class WrongKey(CaseworkError):
    """Something sealed does not open with this key, or was changed; `what` names it."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(f"The {what} does not open: put the workspace's keys.json back.")


class NotDue(CaseworkError):
    """The points do not lead to that sanction, or not for that long."""

    def __init__(self, target: str, points: int, months: int) -> None:
        self.target = target
        self.points = points
        self.months = months
        super().__init__(
            f"{target} with {points} points is not due a sanction of {months} months: see the "
            "standing and the length the law gives."
        )


class NoSanction(CaseworkError):
    """There is no such sanction, or not in a state that allows this."""

    def __init__(self, no: int) -> None:
        self.no = no
        super().__init__(f"Sanction {no} is not open to this: list the sanctions first.")
