"""结伴刷卡 · Cards used together.

含义: 同一批参保人的凭证一再于数分钟内先后在同一机构结算，次数远超各人独立就诊时的预期。收卡空刷、组团购药会留下这种痕迹。
误判: 透析等疗程、慢病随访日、养老院集体就诊、家庭同行、亲友结伴、单位同事、班车乘客、批量上传。按日历规律、同户、同址、同单位、当日人潮逐一检验；单位就是就诊机构、且多日一同就诊的职工，只减分、不排除，按月按日历的也是（固定星期、固定钟点的除外）；有规律的就诊另列，不并入团伙。只偏好某几个星期几的，不算日历，仅降级；药店没有疗程，连日同一钟点、每周固定几天到同一药店的，不作日历解释。
五人以下、只在附近几处、依次就诊、费用平常、每处不比两周一次更勤、合计每月不过三次的，按亲友结伴解释；刷卡紧挨、同一收费员经手的只列乙级；费用高、四处奔走或本人正住院的，不算亲友。
六人以上每月至多两次同日到一家机构、分散在几个收费窗口、前后一小时左右依次就诊或各看各的医师（当日每两人至少一名）的，是同车赶集的乡邻；收费员不明的只列乙级，挨着刷而只经一两名医师、或集中于一个窗口的不算。
Meaning: The cards of the same people settle at one place within minutes of each other, again and again, far more often
than independent visits would. Pooled cards and organised purchases leave this trace.
Misleads: Dialysis and other courses, programme days, care homes, families, friends, colleagues, passengers of one bus, batch uploads. Calendar
regularity, household, address, employer and the day's crowd are each tried; scheduled visits are scored apart. Favourite weekdays
are no calendar and only lower the grade; a pharmacy gives no courses of treatment, and days in
a row at one hour or some fixed weekdays at its counter are no calendar that explains. Five people or fewer at a few places near
them, seen in turn at ordinary cost, once a fortnight at most at each and three times a month in all, are friends who go together;
settled in a row or by one operator they reach grade B; dear visits, many places, or people in bed elsewhere are no friends'
errands. Six or more at one place twice a month at most and at several windows, seen in turn over most of an hour or each
by a practitioner of his own (one to two people of a day at least), are the passengers of one bus; where operators are unknown they
reach grade B; a row of cards at one or two practitioners or one window is no bus. A place's own
staff who are its patients together on many days are not explained by their employer, nor by a calendar without a fixed hour, only
weakened by them.
Source: FraudAuditor (IEEE TVCG 2023); Tumminello et al. 2011 for validated networks, stratified by place here.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.communities import rings_by_cpm
from graph.motifs.base import Motif
from graph.scan.aside import unignored
from graph.scan.candidates import Candidate
from graph.scan.chance import Judged
from graph.scan.cores import cores
from graph.scan.covisits import Pairs, covisits
from graph.scan.groups import companies, describe, sourced
from graph.scan.holdout import confirmed
from graph.scan.rhythm import Rhythm
from graph.scan.robustness import minimal, robustness
from graph.scan.visits import attended
from graph.scan.world import World

DETAILED = 4.0
"""Surprise from which the robustness table is worth computing."""
KEPT_P = 1e-2
"""Pairs up to this p are kept for exclusivity and for the pair list."""


def detect(world: World) -> Iterable[Candidate]:
    """Communities of improbable pairs from different households, each tested as a group."""
    p = world.parameters
    seen = attended(world)
    explained = seen.explained > 0
    pairs = covisits(seen.columns, window=p.window, least=p.least_covisits, excluded=explained)
    rhythm = Rhythm.fit(seen.columns, p.window)
    judged = rhythm.judge(pairs)
    family = world.household[pairs.a] == world.household[pairs.b]
    world.notes["pairs"] = _pair_table(
        pairs, judged, ~family & (judged.log10_p <= np.log10(KEPT_P))
    )
    seeds = (judged.log10_p <= np.log10(p.pair_p)) & ~family
    seeds[seeds] = unignored(world, pairs.a[seeds], pairs.b[seeds])
    if not seeds.any():
        return
    groups = rings_by_cpm(
        pairs.a[seeds], pairs.b[seeds], None, resolution=p.resolution, seed=int(world.notes["seed"])
    )
    members = [g for g in groups if len(g) >= p.least_members]
    found = list(companies(world, rhythm, pairs, judged, members))
    world.notes["groups"] = found
    held_out = confirmed(world, rhythm, pairs, judged, found)
    core = cores(seen.columns, found, seed=int(world.notes["seed"]))
    for group, events, holdout, staying in zip(
        found, sourced(world, found), held_out, core, strict=True
    ):
        candidate = replace(describe(world, group, events, holdout, MOTIF.name), core=staying)
        if candidate.surprise >= DETAILED and not candidate.explained:
            candidate = replace(
                candidate, checks=robustness(seen, rhythm, group), minimal=minimal(group)
            )
        yield candidate


def _pair_table(pairs: Pairs, judged: Judged, kept: npt.NDArray[np.bool_]) -> pa.Table:
    return pa.table({
        "a": pairs.a[kept], "b": pairs.b[kept], "observed": pairs.observed[kept],
        "expected": judged.expected[kept], "p": judged.p[kept], "places": pairs.places[kept],
    })  # fmt: skip


MOTIF = Motif("covisit", detect, on_covisits=True)
