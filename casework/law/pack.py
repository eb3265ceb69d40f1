"""What a pack of law holds: bands, numbers and limits, each with the document and article it is from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar

from casework.errors import NotInLaw

STRICT = {"extra": "forbid", "strict": True}
"""How files are read into these classes: no unknown key, no text for a number."""


class Unit(StrEnum):
    """What a provision counts. Money is in fen, shares are in hundredths."""

    POINTS = "points"
    TIMES = "times"
    MONTHS = "months"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    HOURS = "hours"
    DAY_OF_MONTH = "day_of_month"
    FEN = "fen"
    PERCENT = "percent"
    PERSONS = "persons"


class Rule(StrEnum):
    """Every number of the law that the product uses."""

    POINTS_CAP = "points_cap"
    SUSPENSION_FROM = "suspension_from"
    SUSPENSION_AT_9 = "suspension_at_9"
    SUSPENSION_AT_10 = "suspension_at_10"
    SUSPENSION_AT_11 = "suspension_at_11"
    TERMINATION_FROM = "termination_from"
    BAN_AFTER_SUM = "ban_after_sum"
    BAN_AFTER_ONE_ACT = "ban_after_one_act"
    TALK_FROM = "talk_from"
    REPAIR_BY_STUDY = "repair_by_study"
    REPAIR_BY_ACTIVITY = "repair_by_activity"
    REPAIR_PER_ACTIVITY = "repair_per_activity"
    REPAIR_IN_A_YEAR = "repair_in_a_year"
    REPORT_UP_FROM = "report_up_from"
    REPORT_UP_FIRST = "report_up_first"
    REVIEW_VILLAGE_FROM = "review_village_from"
    SHARE_WITHHOLDS_PAY = "share_withholds_pay"
    SHARE_SUSPENDS_AGREEMENT = "share_suspends_agreement"
    COMMITMENT = "commitment"
    PUBLICITY = "publicity"
    OBJECTION = "objection"
    FILING_CHECK = "filing_check"
    PENALTY_DECISION = "penalty_decision"
    REFERRAL_APPROVAL = "referral_approval"
    REFERRAL_SENDING = "referral_sending"
    POLICE_DECISION = "police_decision"
    RECONSIDERATION = "reconsideration"
    HANDOVER = "handover"
    ASSISTANCE_REPLY = "assistance_reply"
    ASSISTANCE_CONFIRMATION = "assistance_confirmation"
    ASSISTANCE_DAY = "assistance_day"
    ASSISTANCE_FROM = "assistance_from"
    AGREEMENT_PAUSE = "agreement_pause"
    FRAUD_LARGE = "fraud_large"
    FRAUD_HUGE = "fraud_huge"
    FRAUD_GREATEST = "fraud_greatest"
    FINE_LOSS = "fine_loss"
    FINE_ORDER = "fine_order"
    FINE_FRAUD = "fine_fraud"
    DEPARTMENT_STOPPED = "department_stopped"
    PERSON_OFFLINE = "person_offline"
    INSPECTORS = "inspectors"


@dataclass(frozen=True)
class Document:
    """A published text: its number and day of issue, and which copy of it was read."""

    __pydantic_config__: ClassVar = STRICT

    title: str
    number: str
    issued: date
    source: str


@dataclass(frozen=True, kw_only=True)
class Cited:
    """What a provision and a band share: numbers, the document (its key in the pack), the article, what it says.

    `unverified`: no official text was read, only a briefing, a digest, a draft, or nothing.
    """

    __pydantic_config__: ClassVar = STRICT

    least: int
    most: int
    document: str
    zh: str
    en: str
    article: str | None = None
    unverified: bool = False


@dataclass(frozen=True, kw_only=True)
class Provision(Cited):
    """A number of the law, from `least` to `most`; the two are the same where the law leaves no choice."""

    unit: Unit

    @property
    def fixed(self) -> bool:
        """Whether the law leaves no choice."""
        return self.least == self.most


@dataclass(frozen=True, kw_only=True)
class Band(Cited):
    """Points for one act, from `least` to `most`, and the acts they are for."""


@dataclass(frozen=True, kw_only=True)
class Pack:
    """One file: the rules of the country (`area` empty) or what a province (`area` 区划, two digits) has of its own.

    `begins` and `ends` are the first and the last day in force; `unverified`: the first day was not read.
    """

    __pydantic_config__: ClassVar = STRICT

    name: str
    zh: str
    en: str
    area: str
    begins: date
    ends: date | None = None
    unverified: bool = False
    documents: Mapping[str, Document]
    bands: tuple[Band, ...] = ()
    provisions: Mapping[Rule, Provision] = field(default_factory=dict)

    def in_force(self, day: date) -> bool:
        """Whether it holds on `day`."""
        return self.begins <= day and (self.ends is None or day <= self.ends)

    def cite(self, cited: Cited) -> str:
        """The document's number and the article, as a notice names them."""
        number = self.documents[cited.document].number
        return f"{number} {cited.article}" if cited.article else number


@dataclass(frozen=True)
class Law:
    """The law of one place on one day: the province's own pack over the country's."""

    day: date
    packs: tuple[Pack, ...]

    def find(self, rule: Rule) -> Provision | None:
        """The province's provision, else the country's, else None."""
        return next((p.provisions[rule] for p in self.packs if rule in p.provisions), None)

    def __getitem__(self, rule: Rule) -> Provision:
        found = self.find(rule)
        if found is None:
            raise NotInLaw(rule, self.packs[0].name, self.day)
        return found

    @property
    def bands(self) -> tuple[Band, ...]:
        """The bands of points, lowest first."""
        return next(pack.bands for pack in self.packs if pack.bands)

    def cite(self, cited: Cited) -> str:
        """The document's number and the article of something this law holds."""
        return next(
            pack.cite(cited)
            for pack in self.packs
            if cited in pack.bands or cited in pack.provisions.values()
        )
