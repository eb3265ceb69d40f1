"""共享标识 · Shared identifier.

含义: 互不同户的多名参保人使用同一银行账户、电话或备案代办人。账户最强，电话次之；按稀有程度计分，持有人过多者（枢纽）不作证据。
误判: 养老院与宿舍登记同一电话、村卫生室把自己的电话填给全村、单位统一登记、录入员输入默认号码；未成年人用父母的账户和电话，故不另计一户（每户成年人至多随三名）。代办人本身不作证据，邻里共用本地一家诊所也不加分；十五户以上共用一个电话而无共同去处的，或本区县的人共用一个电话而半数以上只是同在本区县一家机构就诊的，只作参考（丙级），除非另有共同报销、同时刷卡等其他迹象。同址、同单位、同一小诊所就诊者占多数时按无辜解释处理；持有人在该诊所就诊者中不足十二分之一（十五人以上者不足三十分之一）的，诊所只减弱、不解释；号码若登记为该诊所自己的电话，即予解释。
Meaning: People from different households use one bank account, phone or filing agent. An account says most; rare
tokens count more, tokens with too many holders (hubs) say nothing.
Misleads: Care homes and dormitories register one phone, a village clinic types its own number for everybody, employers
register staff, clerks type a default number; children have their parents' account and phone and are no home of
their own (up to three to a home of grown-ups). An agent by itself is no evidence, nor that neighbours use one clinic of their own city; a phone of
fifteen homes or more that have no place in common stays at grade C, and so does a phone of neighbours most of whom merely
go to one clinic or hospital of their own district, unless something else (claims filed together, cards used together)
stands beside it. One address, one employer or one small clinic shared by most explains it;
where the holders are less than a twelfth of the clinic's clients (a thirtieth, if they are fifteen or more), it weakens the
finding and does not explain it, unless the number is registered as the clinic's own.
Source: SliceNDice (DSAA 2019) for rarity; Neo4j shared-identifier recipe for the pattern.
"""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from graph.motifs.base import Motif
from graph.scan.candidates import CAP, LEAD, Candidate, Event, Explanation, Keys, Outcome, ascending
from graph.scan.haunts import Haunts, Ints
from graph.scan.innocence import (
    SCHOOL_AGE,
    one_address,
    one_employer,
    one_household,
    one_school,
)
from graph.scan.world import World

PHONE = 9.0
"""A shared phone alone never makes a grade A: too many innocent hands type one."""
NEARLY_ALL = 0.8
"""Share of the holders who must have been at one place before that place counts for the group."""

HALF = 0.5
OF_CLIENTS = 1 / 12
"""A clinic that types its own number for those without one does so for a good part of its clients."""
MANY = 15
OF_CLIENTS_IF_MANY = 1 / 30
"""Of so many holders or more who share a clinic a smaller part will do: few rings hang on one number so openly."""

CHILDREN = 3
"""Pupils and infants who may hang on one grown-up's account and phone; they have none of their own."""

KINDS = ("account", "agent", "phone")
HELD = """
SELECT t.token, if(t.kind = 'account', 0, 2) AS kind, h.owner AS patient FROM holds h JOIN joining t USING (token)
WHERE h.owner_kind = 'patient' AND t.kind IN ('account', 'phone') AND t.holders BETWEEN ? AND ?
"""
FILED = """
SELECT x.token, 1, f.patient FROM out_appy_evt_c f, LATERAL (SELECT unnest([f.agent, f.agent_phone]) AS token) x
JOIN joining t ON t.token = x.token WHERE t.holders BETWEEN ? AND ? AND f.patient IS NOT NULL
"""

OWN = """
SELECT DISTINCT h.token, h.owner AS place FROM holds h JOIN tokens t USING (token)
WHERE h.owner_kind = 'facility' AND t.kind = 'phone'
"""
"""The telephones of clinics and hospitals."""

HOME = "SELECT coalesce(TRY_CAST(insu_admdvs AS INTEGER), 0) AS district FROM patients SEMI JOIN led USING (patient)"


def detect(world: World) -> Iterable[Candidate]:
    """One candidate per token with enough holders from different households and homes."""
    p = world.parameters
    least = {"account": p.least_account_holders}
    groups = [
        (token, kind, patients, households, homes)
        for token, kind, patients, households in _groups(world)
        if (homes := homes_of(world, patients)) >= least.get(kind, p.least_phone_holders)
    ]
    haunts = Haunts.of(world, [patients for _, _, patients, _, _ in groups])
    for token, kind, patients, households, homes in groups:
        yield _candidate(world, haunts, token, kind, patients, households, homes)


def _groups(world: World) -> Iterable[tuple[int, str, Keys, int]]:
    """Token, kind, holders and how many households they are, where enough; by token, first holder and kind."""
    p = world.parameters
    asked = [HELD, FILED] if world.has("out_appy_evt_c") else [HELD]
    limits = [p.least_account_holders, p.hub_holders] * len(asked)
    rows = world.arrays(" UNION ALL ".join(asked), limits)
    token, number = np.unique(
        rows["token"].astype(np.int64) * len(KINDS) + rows["kind"], return_inverse=True
    )
    held = ascending(number << 32 | rows["patient"])
    of, patient = held >> 32, (held & 0xFFFFFFFF).astype(np.int32)
    homes = np.bincount(ascending(of << 32 | world.household[patient]) >> 32, minlength=len(token))
    first = np.searchsorted(of, np.arange(len(token) + 1))
    least = np.where(token % len(KINDS) == 0, p.least_account_holders, p.least_phone_holders)
    enough = np.flatnonzero(homes >= least)
    token, kind = token // len(KINDS), token % len(KINDS)
    order = np.lexsort((kind[enough], patient[first[enough]], token[enough]))
    for k in enough[order].tolist():
        yield int(token[k]), KINDS[kind[k]], patient[first[k] : first[k + 1]], int(homes[k])


def _candidate(
    world: World,
    haunts: Haunts,
    token: int,
    kind: str,
    patients: Keys,
    households: int,
    homes: int,
) -> Candidate:
    weight = {"account": 1.0, "agent": 0.5, "phone": 0.5}[kind]
    rarity = np.log10(max(world.patients, 10) / homes)
    here, met = haunts.among(patients)
    together, place = common_place(haunts, patients, here, met)
    if kind == "agent" and not led_away(world, patients, place, "city"):
        together = 0.0  # Neighbours have one clinic, and its doctor files for them.
    # Who files for many is routine: employers' staff do it. Cards that hang on one phone are used somewhere.
    most = {"account": CAP, "agent": LEAD, "phone": PHONE}[kind]
    clinic = one_small_clinic(world, haunts, patients, here, met, token)
    if kind == "phone" and not together and homes >= MANY:
        most = LEAD
    near = clinic.outcome is Outcome.WEAKENS and not led_away(world, patients, place, "district")
    local = kind == "phone" and near
    if local:
        most, together = (
            LEAD,
            0.0,
        )  # Neighbours go to the clinic of their district; many give its doctor's number.
    return Candidate(
        motif=MOTIF.name,
        patients=patients,
        places=() if place is None or together < 3.0 else (place,),
        surprise=float(min(CAP, min(most, weight * (homes - 1) * rarity) + together)),
        events=(
            Event(
                "token",
                None,
                patients=tuple(patients.tolist()),
                facts={"kind": kind, "token": token},
            ),
        ),
        facts={"kind": kind, "holders": len(patients), "households": households},
        same_fact="agent"
        if kind == "agent" or local
        else "",  # The village doctor's number, as a rule.
        explanations=(
            one_household(world, patients),
            one_address(world, patients),
            one_employer(world, patients),
            one_school(world, patients),
            *([clinic] if kind == "phone" else []),
        ),
    )


def homes_of(world: World, patients: Keys) -> int:
    """How many homes of grown-ups: children have the account and the phone of a parent, wherever they are registered.

    More children than `CHILDREN` to a home of grown-ups are no family's: each of them counts.
    """
    born = world.birth_year[patients]
    child = (born > 0) & (world.latest_year - born <= SCHOOL_AGE)
    grown = patients[~child]
    homes = min(len(np.unique(world.household[grown])), one_per_address(world, grown))
    return homes + max(0, int(child.sum()) - CHILDREN * max(homes, 1))


def one_per_address(world: World, patients: Keys) -> int:
    """How many homes: residents of a care home or a dormitory are several households and one home."""
    address = world.token_of("address")[patients]
    return len(np.unique(address[address >= 0])) + int((address < 0).sum())


def common_place(haunts: Haunts, patients: Keys, here: Ints, met: Ints) -> tuple[float, int | None]:
    """The place nearly all holders use, and how improbable that is among the city's people: (-log10 p after trying all, place)."""
    from scipy.stats import binom

    near = met >= NEARLY_ALL * len(patients)
    if not near.any():
        return 0.0, None
    here, met = here[near], met[near]
    share = haunts.clients[here] / haunts.city_patients[here]
    tail = -binom.logsf(met - 1, len(patients), np.clip(share, 1e-9, 1.0)) / np.log(10)
    best = int(np.argmax(tail))
    return max(0.0, float(tail[best]) - float(np.log10(len(haunts.clients)))), int(here[best])


def led_away(world: World, patients: Keys, place: int | None, unit: str) -> bool:
    """Does the place lie in another `unit` (city or district) than the one that insures half of the patients or more?

    Who is insured with a whole city, or a place known by its city alone, is compared by the city.
    """
    if place is None:
        return False
    world.con.register("led", pa.table({"patient": patients}))
    homes = world.arrays(HOME)["district"]
    world.con.unregister("led")
    there = int(world.district[place])
    away = homes // 100 != there // 100
    if unit == "district" and there % 100:
        away |= (homes % 100 > 0) & (homes != there)
    return there > 0 and float(((homes > 0) & away).sum()) >= HALF * len(patients)


def one_small_clinic(
    world: World, haunts: Haunts, patients: Keys, here: Ints, met: Ints, token: int | None = None
) -> Explanation:
    """Do most holders go to one clinic whose clients largely hold this token (a village's contact phone)?

    If they are few among its clients, the clinic only weakens the finding: strangers may have been led there. Where
    the number `token` is the clinic's own, registered as such, it was typed in for those without one, however few they are.
    """
    clinic = world.facility[here] & (met >= HALF * len(patients))
    own = world.once("clinic phones", lambda: world.arrays(OWN))
    typed = clinic & np.isin(here, own["place"][own["token"] == token])
    if typed.any():
        share = float(met[typed].max()) / len(patients)
        return Explanation(
            "village_clinic", Outcome.EXPLAINS, {"share": round(share, 3), "own_number": 1}
        )
    if not clinic.any():
        return Explanation("village_clinic", Outcome.RULED_OUT)
    of_clients = met[clinic] / haunts.clients[here[clinic]]
    best = int(np.argmax(of_clients))
    share, held = float(met[clinic][best]) / len(patients), float(of_clients[best])
    enough = OF_CLIENTS if len(patients) < MANY else OF_CLIENTS_IF_MANY
    outcome = Outcome.EXPLAINS if held >= enough else Outcome.WEAKENS
    return Explanation(
        "village_clinic",
        outcome if len(patients) >= 5 else Outcome.RULED_OUT,
        {"share": round(share, 3), "of_clients": round(held, 3)},
    )


MOTIF = Motif("shared_token", detect, needs=("holds",))
