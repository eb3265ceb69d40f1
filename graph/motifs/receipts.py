"""票据工厂 · Receipt mill.

含义: 多名互不同户的参保人，其零星报销票据由同一代办人（身份证号或电话）送办，打入同一银行账户，或使用同一票据号。
组织者收集他人身份与票据批量报销时会留下这种痕迹。
误判: 单位人事统一代办、村居干部帮老人送票、子女代父母报销。同一单位、同一家庭的票据不计入；默认号码（如 13800000000）与持有人过多的号码不作连接。
Meaning: Manual reimbursements of people from different households are brought in by one agent or paid to one
account, or one invoice number comes back under several names. Someone who collects other people's identities and receipts leaves this trace.
Misleads: A company's staff officer, a village cadre helping the old, children acting for parents. One employer or one
household explains the group; default numbers and numbers with too many holders never join receipts.
Source: 人社厅函〔2016〕488号 (零星报销票据核查重点); 国家医保局令第7号.
"""

from collections.abc import Iterable
from datetime import datetime

import numpy as np

from graph.motifs.base import Motif
from graph.scan.candidates import CAP, Candidate, Event, keys
from graph.scan.innocence import one_employer, one_household
from graph.scan.world import World, components

KINDNESS = 3.5
EACH_MORE = 1.5
"""Someone who brings five receipts for neighbours is kind; each further one adds this much evidence (log10)."""

RECEIPTS = """
SELECT reim, reim_id, patient, coalesce(begndate, CAST(acp_time AS DATE)) AS day, medfee,
  coalesce(fund, 0) AS fund, invono, account
FROM mnl_reim_d WHERE patient IS NOT NULL
"""

LINKS = """
SELECT DISTINCT r.reim, x.token FROM mnl_reim_d r,
  LATERAL (SELECT unnest([agent, agent_phone, account]) AS token) x
JOIN joining t ON t.token = x.token
WHERE x.token IS NOT NULL AND r.patient IS NOT NULL AND t.holders <= ?
UNION ALL
SELECT reim, -1 - dense_rank() OVER (ORDER BY invono, coalesce(CAST(place AS VARCHAR), place_name)) FROM mnl_reim_d
WHERE patient IS NOT NULL AND length(invono) >= 6
QUALIFY count(DISTINCT reim) OVER (PARTITION BY invono, coalesce(CAST(place AS VARCHAR), place_name)) BETWEEN 2 AND 20
"""


def detect(world: World) -> Iterable[Candidate]:
    """Components of receipts joined by agent and account; at least `least_members` patients in each."""
    p = world.parameters
    rows = world.con.execute(RECEIPTS).fetchall()
    if not rows:
        return
    links = world.arrays(LINKS, [max(p.hub_holders * 4, 200)])
    number = {row[0]: i for i, row in enumerate(rows)}
    receipt = np.array([number[int(r)] for r in links["reim"]], dtype=np.int64)
    _, token = np.unique(links["token"], return_inverse=True)
    group = components(receipt, token + len(rows), len(rows) + int(token.max(initial=-1)) + 1)
    brought = np.zeros(len(rows), dtype=np.bool_)
    brought[receipt[links["token"] >= 0]] = True
    members: dict[int, list[int]] = {}
    for i, label in enumerate(group[: len(rows)]):
        members.setdefault(int(label), []).append(i)
    for chosen in members.values():
        patients = keys([rows[i][2] for i in chosen])
        if len(patients) < p.least_members or len(chosen) < p.least_receipts:
            continue
        if not any(brought[i] for i in chosen) and len(patients) <= p.least_members:
            continue
        yield _candidate(world, [rows[i] for i in chosen], patients)


def _candidate(world: World, rows: list[tuple[object, ...]], patients: object) -> Candidate:
    who = keys(patients)
    households = len(np.unique(world.household[who]))
    surprise = min(CAP, (households - 1) * np.log10(max(world.patients, 10) / max(households, 1)))
    if not _pooled(world, rows):
        surprise = min(surprise, KINDNESS + EACH_MORE * (len(rows) - 5))
    events = tuple(
        Event(
            kind="receipt",
            at=None if row[3] is None else _midnight(row[3]),
            patients=(int(str(row[2])),),
            rows=(f"mnl_reim_d:{row[1]}",),
            fund=int(str(row[5])) or int(str(row[4])),
            facts={"invono": str(row[6] or "")},
        )
        for row in sorted(rows, key=lambda r: (str(r[3]), str(r[1])))
    )
    return Candidate(
        motif=MOTIF.name,
        patients=who,
        surprise=float(surprise),
        events=events,
        facts={"receipts": len(rows), "households": households},
        explanations=(one_household(world, who), one_employer(world, who)),
    )


def _pooled(world: World, rows: list[tuple[object, ...]]) -> bool:
    """Whether one account was paid for two households, or one invoice number came back."""
    paid: dict[int, set[int]] = {}
    for row in rows:
        if row[7] is not None:
            paid.setdefault(int(str(row[7])), set()).add(int(world.household[int(str(row[2]))]))
    numbers = [str(row[6]) for row in rows if row[6]]
    return any(len(homes) > 1 for homes in paid.values()) or len(set(numbers)) < len(numbers)


def _midnight(day: object) -> datetime:
    return datetime.fromisoformat(str(day)[:10])


MOTIF = Motif("receipts", detect, needs=("mnl_reim_d",))
