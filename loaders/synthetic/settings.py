"""What kind of world to write: how many rings and look-alikes, how strong, how dirty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType


class RingKind(StrEnum):
    """The forms of organised fraud that can be planted."""

    CARD_POOL = "card_pool"
    CAMOUFLAGED_POOL = "camouflaged_pool"
    SYNCHRONISED_ADMISSIONS = "synchronised_admissions"
    RECEIPT_MILL = "receipt_mill"
    FUNNEL = "funnel"
    TWO_PLACES = "two_places"
    TRACE_RESALE = "trace_resale"
    USE_AFTER_DEATH = "use_after_death"
    SUBSTITUTION = "substitution"
    CROSS_PROVINCE = "cross_province"
    SHARED_IDENTIFIER = "shared_identifier"
    STAFF_AS_PATIENTS = "staff_as_patients"
    LIST_SHARING = "list_sharing"
    RECRUITMENT_STAR = "recruitment_star"
    RELAY = "relay"
    CROSS_BORDER = "cross_border"


class TwinKind(StrEnum):
    """The honest look-alikes of those forms."""

    FAMILY = "family"
    DIALYSIS = "dialysis"
    CARE_HOME = "care_home"
    CHRONIC_DAY = "chronic_day"
    CHECK_UP = "check_up"
    VILLAGE_CLINIC = "village_clinic"
    REHABILITATION = "rehabilitation"
    REHABILITATION_STAY = "rehabilitation_stay"
    MULTI_SITE = "multi_site"
    INTERNET_HOSPITAL = "internet_hospital"
    DEFAULT_PHONE = "default_phone"
    DEFAULT_DIAGNOSIS = "default_diagnosis"
    SPLIT_PACK = "split_pack"
    RESCAN = "rescan"
    BATCH_UPLOAD = "batch_upload"
    INHOUSE_PHARMACY = "inhouse_pharmacy"
    REFERRAL = "referral"
    LATE_DEATH_REPORT = "late_death_report"
    COVER_DOCTOR = "cover_doctor"
    COLLEAGUES = "colleagues"
    RECEIPT_CLERK = "receipt_clerk"
    BORDER_OUTING = "border_outing"
    BORDER_COLLEAGUES = "border_colleagues"


# Relative weights; every kind with a weight appears at least once from 50,000 visits on.
RING_MIX: Mapping[RingKind, float] = MappingProxyType(
    {
        RingKind.CARD_POOL: 5.0,
        RingKind.CAMOUFLAGED_POOL: 2.0,
        RingKind.SYNCHRONISED_ADMISSIONS: 2.0,
        RingKind.RECEIPT_MILL: 1.5,
        RingKind.FUNNEL: 1.5,
        RingKind.TWO_PLACES: 1.0,
        RingKind.TRACE_RESALE: 1.5,
        RingKind.USE_AFTER_DEATH: 0.8,
        RingKind.SUBSTITUTION: 0.6,
        RingKind.CROSS_PROVINCE: 1.5,
        RingKind.SHARED_IDENTIFIER: 1.0,
        RingKind.STAFF_AS_PATIENTS: 0.6,
        RingKind.LIST_SHARING: 0.8,
        RingKind.RECRUITMENT_STAR: 1.0,
        RingKind.RELAY: 0.8,
    }
)

# How many of each per 100,000 visits; each with a rate appears at least once from 50,000 visits.
TWIN_RATES: Mapping[TwinKind, float] = MappingProxyType(
    {
        TwinKind.FAMILY: 220.0,
        TwinKind.DIALYSIS: 2.5,
        TwinKind.CARE_HOME: 1.5,
        TwinKind.CHRONIC_DAY: 3.0,
        TwinKind.CHECK_UP: 3.0,
        TwinKind.VILLAGE_CLINIC: 4.0,
        TwinKind.REHABILITATION: 2.0,
        TwinKind.REHABILITATION_STAY: 1.0,
        TwinKind.MULTI_SITE: 1.0,
        TwinKind.INTERNET_HOSPITAL: 1.0,
        TwinKind.DEFAULT_PHONE: 1.0,
        TwinKind.DEFAULT_DIAGNOSIS: 1.0,
        TwinKind.SPLIT_PACK: 3.0,
        TwinKind.RESCAN: 3.0,
        TwinKind.BATCH_UPLOAD: 1.0,
        TwinKind.INHOUSE_PHARMACY: 1.5,
        TwinKind.REFERRAL: 1.5,
        TwinKind.LATE_DEATH_REPORT: 6.0,
        TwinKind.COVER_DOCTOR: 1.5,
        TwinKind.COLLEAGUES: 5.0,
        TwinKind.RECEIPT_CLERK: 2.0,
    }
)


@dataclass(frozen=True, slots=True)
class Dirt:
    """Shares of rows, so that an export looks like an office's real one.

    superseded: rows sent again with a newer `updt_time`; repeated: rows that stand twice, equal;
    broken: extra rows without key, with unreadable money or date, or short of fields;
    bad_check: identity numbers with a false check digit; local_codes: practitioner codes no
    master table knows; unknown_column: an extra column in `setl_d`; note: a file that is no table.
    """

    superseded: float = 0.004
    repeated: float = 0.0005
    broken: float = 0.0005
    bad_check: float = 0.001
    local_codes: float = 0.002
    unknown_column: bool = True
    note: bool = True

    @classmethod
    def none(cls) -> Dirt:
        return cls(0.0, 0.0, 0.0, 0.0, 0.0, False, False)


@dataclass(frozen=True, slots=True)
class WorldSettings:
    """The knobs of a world. All defaults are the authors' reading of `research/` notes, not law.

    rings: rings of any kind per 10,000 visits; strength: 1 is usual, more means more gatherings,
    better attended and tighter in time; twins: multiplier on `twin_rates`; fee_share: share of
    ordinary settlements that carry fee lines; refund_share: share refunded, half billed again;
    borders: rings across the three provinces (kind `cross_border`, outside the mix), each with its look-alikes.
    """

    rings: float = 1.0
    ring_mix: Mapping[RingKind, float] = field(default_factory=lambda: RING_MIX)
    strength: float = 1.0
    twins: float = 1.0
    twin_rates: Mapping[TwinKind, float] = field(default_factory=lambda: TWIN_RATES)
    visits_per_patient: float = 8.0
    visits_per_place: int = 3000
    visits_per_practitioner: int = 600
    popularity: float = 0.9
    home_district: float = 0.85
    multi_site: float = 0.08
    fee_share: float = 0.12
    refund_share: float = 0.006
    borders: int = 0
    dirt: Dirt = field(default_factory=Dirt)

    @classmethod
    def quiet(cls) -> WorldSettings:
        """No rings at all; look-alikes as usual."""
        return cls(rings=0.0)

    @classmethod
    def easy(cls) -> WorldSettings:
        """Strong rings and few look-alikes."""
        return cls(strength=1.7, twins=0.5)

    @classmethod
    def hard(cls) -> WorldSettings:
        """Weak rings, many of them camouflaged, and many look-alikes."""
        mix = {**RING_MIX, RingKind.CARD_POOL: 3.0, RingKind.CAMOUFLAGED_POOL: 5.0}
        return cls(strength=0.65, twins=1.5, ring_mix=MappingProxyType(mix))

    def only(self, *kinds: RingKind) -> WorldSettings:
        """The same world with these kinds of ring alone."""
        return replace(self, ring_mix=MappingProxyType(dict.fromkeys(kinds, 1.0)))

    def clean(self) -> WorldSettings:
        """The same world without dirt."""
        return replace(self, dirt=Dirt.none())
