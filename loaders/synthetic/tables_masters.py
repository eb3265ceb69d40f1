"""People, places, staff, kin and decisions as tables of text, columns as offices name them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from loaders.synthetic import words
from loaders.synthetic.calendar import DAY, dates, stamps
from loaders.synthetic.codes import Array, credit_codes, digits, identity_numbers, text
from loaders.synthetic.places import PlaceKind
from loaders.synthetic.plan import Penalty, Plan
from loaders.synthetic.population import ALIVE, People, calendar_dates, person_name
from loaders.synthetic.tables_events import patient_codes, place_codes, staff_codes
from loaders.synthetic.world import World

_LEVELS = ("3", "2", "1", "社区", "社区", "社区", "", "2")
_STATES = ("正常", "暂停", "终止")


def certificates(people: People, patients: Array) -> Array:
    """Identity numbers of patients, shape (n, 18)."""
    return identity_numbers(
        people.area[patients], people.birth_dates(patients), people.order[patients]
    )


def address(world: World, patient: int) -> str:
    """`北京市朝阳区和平街12号3-2-501`; a negative door is a care home or another institution."""
    people = world.people
    where = world.places.districts[int(people.district[patient])].name
    door, road = int(people.door[patient]), words.ROADS[int(people.road[patient])]
    if door < 0:
        return f"{where}{road}{-door}号夕阳红养老院"
    house, rest = divmod(door, 300)
    return f"{where}{road}{house + 1}号{rest % 6 + 1}-{rest // 6 % 5 + 1}-{rest % 25 + 1:02d}1"


def patient_table(world: World, low: int, high: int) -> pa.Table:
    """`psn_info_b` for patients low ≤ n < high."""
    people = world.people
    patients = np.arange(low, high)
    birth = people.birth_dates(patients)
    dead = people.died[patients] < ALIVE
    employer = people.employer[patients]
    employed = employer >= 0
    died = np.where(dead, people.died[patients], 0)
    brdy = digits(birth, 8)
    dash = np.full((len(patients), 1), ord("-"), dtype=np.uint8)
    return pa.table(
        {
            "psn_no": text(patient_codes(patients)),
            "psn_name": people.names(patients),
            "psn_cert_type": ["01"] * len(patients),
            "certno": text(certificates(people, patients)),
            "gend": np.where(people.woman[patients], "2", "1").tolist(),
            "brdy": text(
                np.concatenate([brdy[:, :4], dash, brdy[:, 4:6], dash, brdy[:, 6:]], axis=1)
            ),
            "tel": text(digits(people.phone[patients], 11), people.phone[patients] > 0),
            "live_addr": [address(world, int(p)) for p in patients],
            "emp_no": text(
                np.concatenate(
                    [np.full((len(patients), 1), ord("E"), np.uint8), digits(employer, 6)], axis=1
                ),
                employed,
            ),
            "emp_name": [f"{_company(e)}" if e >= 0 else "" for e in employer.tolist()],
            "insu_admdvs": text(
                digits(world.places.district_codes()[people.district[patients]], 6)
            ),
            "surv_stas": np.where(dead, "0", "1").tolist(),
            "die_date": text(dates(died), dead),
            "bankacct": text(digits(people.account[patients], 19)),
        }
    )


def _company(number: int) -> str:
    brand = words.BRANDS[number % len(words.BRANDS)]
    trade = ("商贸", "建筑", "物业", "科技", "餐饮", "物流", "纺织", "机械")[number // 10 % 8]
    return f"{brand}{trade}有限公司{number}"


def place_table(world: World, rng: np.random.Generator) -> pa.Table:
    """`fixmedins_b`."""
    places = world.places
    count = len(places)
    numbers = np.arange(count)
    kind = places.kind
    area = places.district_codes()[places.district]
    legal = _outsiders(rng, count)
    codes = text(place_codes(world)).to_pylist()
    chief = _outsiders(rng, count)
    shop = kind == PlaceKind.PHARMACY
    return pa.table(
        {
            "fixmedins_code": codes,
            "fixmedins_name": places.names,
            "fixmedins_type": np.where(shop, "2", "1").tolist(),
            "hosp_lv": [_LEVELS[k] for k in kind.tolist()],
            "fix_blng_admdvs": [str(a) for a in area.tolist()],
            "uscc": text(credit_codes(area, places.legal * 7_919 + 100_003)),
            "legrep_name": [legal[0][n] for n in places.legal.tolist()],
            "legrep_certno": [legal[1][n] for n in places.legal.tolist()],
            "hi_resper_name": chief[0],
            "tel": [str(p) for p in places.phone.tolist()],
            "addr": places.addresses,
            "lnt": [f"{x:.5f}" for x in places.lnt.tolist()],
            "lat": [f"{x:.5f}" for x in places.lat.tolist()],
            "bankacct": [str(a) for a in places.account[places.legal].tolist()],
            "aprv_bed_cnt": [str(b) if b else "" for b in places.beds.tolist()],
            "prnt_rtal_phac_code": [codes[p] if p >= 0 else "" for p in places.parent.tolist()],
        }
    ).take(pa.array(numbers))


def _outsiders(rng: np.random.Generator, count: int) -> tuple[list[str], list[str]]:
    """Names and identity numbers of people who are not in the population."""
    area = np.array([d.code for province in words.PROVINCES for d in province])
    year = rng.integers(1950, 1995, count)
    birth = year * 10_000 + rng.integers(1, 13, count) * 100 + rng.integers(1, 29, count)
    woman = rng.random(count) < 0.4
    order = rng.integers(0, 499, count) * 2 + ~woman
    certno = text(identity_numbers(area[rng.integers(0, len(area), count)], birth, order))
    given = rng.integers(0, 40, (count, 2)).tolist()
    surname = rng.integers(0, len(words.SURNAMES), count).tolist()
    names = [
        person_name(s, g[0], g[1], w)
        for s, g, w in zip(surname, given, woman.tolist(), strict=True)
    ]
    return names, certno.to_pylist()


def outsider(rng: np.random.Generator) -> tuple[str, str]:
    """Name and identity number of one agent from outside."""
    names, numbers = _outsiders(rng, 1)
    return names[0], numbers[0]


def staff_table(world: World, rng: np.random.Generator) -> pa.Table:
    """`prac_psn_b`."""
    staff = world.staff
    count = len(staff)
    area = world.places.district_codes()[world.places.district[staff.place]]
    area = np.where(staff.person >= 0, world.people.area[np.maximum(staff.person, 0)], area)
    from_people = np.where(
        staff.person >= 0, world.people.phone[np.maximum(staff.person, 0)], staff.phone
    )
    births = calendar_dates()[staff.birth]
    certificate = digits(rng.integers(0, 10**13, count), 13)
    head = np.frombuffer(b"ZY", dtype=np.uint8)
    names = zip(staff.surname.tolist(), staff.given.tolist(), staff.woman.tolist(), strict=True)
    return pa.table(
        {
            "prac_psn_code": staff_codes(world),
            "prac_psn_type": [str(p) for p in staff.profession.tolist()],
            "psn_name": [person_name(s, g[0], g[1], w) for s, g, w in names],
            "certno": text(identity_numbers(area, births, staff.order)),
            "prac_cert_no": text(np.concatenate([np.tile(head, (count, 1)), certificate], axis=1)),
            "tel": [str(p) for p in from_people.tolist()],
            "bankacct": [str(a) for a in staff.account.tolist()],
            "mul_prac_flag": np.where(staff.multi, "1", "0").tolist(),
        }
    )


def registration_table(world: World, rng: np.random.Generator) -> pa.Table:
    """`prac_reg_d`, by practitioner then place."""
    staff = world.staff
    order = np.lexsort((staff.where, staff.who))
    codes = np.array(staff_codes(world))
    places = np.array(text(place_codes(world)).to_pylist())
    first = np.datetime64("2025-01-01")
    begin = (first + staff.since[order]).astype(str).tolist()
    ended = staff.until[order]
    end = (first + np.where(ended < 1000, ended, 0)).astype(str).tolist()
    return pa.table(
        {
            "prac_psn_code": codes[staff.who[order]].tolist(),
            "fixmedins_code": places[staff.where[order]].tolist(),
            "main_flag": np.where(staff.main[order], "1", "0").tolist(),
            "dept_name": [words.DEPARTMENTS[d] for d in staff.dept[order].tolist()],
            "begntime": begin,
            "endtime": [e if u < 1000 else "" for e, u in zip(end, ended.tolist(), strict=True)],
            "reg_stas": [_STATES[s] for s in staff.state[order].tolist()],
            "commit_flag": np.where(rng.random(len(order)) < 0.97, "1", "0").tolist(),
        }
    )


def kin_table(world: World, rng: np.random.Generator, plan: Plan) -> pa.Table:
    """`psn_kin_d`: the head with each other member, for under half of the households."""
    household = world.people.household
    head = np.r_[0, np.flatnonzero(np.diff(household)) + 1][household]
    told = rng.random(int(household[-1]) + 1) < 0.45
    other = np.flatnonzero(told[household] & (head != np.arange(len(household))))
    pairs = np.array(plan.kin, dtype=np.int64).reshape(-1, 2)
    one = np.concatenate([head[other], pairs[:, 0]])
    two = np.concatenate([other, pairs[:, 1]])
    gap = np.abs(world.people.birth[one] - world.people.birth[two]) / 365.25
    older = world.people.birth[two] > world.people.birth[one]
    relation = np.where(gap < 15, "配偶", np.where(older, "父母", "子女"))
    return pa.table(
        {
            "psn_no": text(patient_codes(one)),
            "kin_psn_no": text(patient_codes(two)),
            "relation": relation.tolist(),
        }
    )


def penalty_tables(world: World, penalties: list[Penalty]) -> tuple[pa.Table, pa.Table]:
    """`pena_d` and `pena_psn_d`."""
    penalties = sorted(penalties, key=lambda p: (p.day, p.place))
    codes = text(place_codes(world)).to_pylist()
    people = staff_codes(world)
    numbers = [f"医保罚字〔2025〕{n + 1:04d}号" for n in range(len(penalties))]

    def date(day: int) -> str:
        return str(np.datetime64("2025-01-01") + day)

    decisions = {
        "doc_no": numbers,
        "doc_date": [date(p.day) for p in penalties],
        "pena_type": [p.kind for p in penalties],
        "fixmedins_code": [codes[p.place] for p in penalties],
        "law_article": [p.article for p in penalties],
        "measure": [p.measure for p in penalties],
        "begn_date": [date(p.begin) for p in penalties],
        "end_date": [date(p.end) if p.end >= 0 else "" for p in penalties],
        "amount": [f"{p.amount / 100:.2f}" for p in penalties],
    }
    duties = [
        (number, people[who], duty, str(points))
        for number, penalty in zip(numbers, penalties, strict=True)
        for who, duty, points in penalty.duties
    ]
    columns = list(zip(*duties, strict=True)) or [(), (), (), ()]
    names = ("doc_no", "prac_psn_code", "duty", "points")
    named = {n: pa.array(c, pa.string()) for n, c in zip(names, columns, strict=True)}
    return pa.table(decisions), pa.table(named)


def tip_table(world: World, plan: Plan) -> pa.Table:
    """`tip_d`."""
    tips = sorted(plan.tips, key=lambda t: (t.day, t.target_kind, t.target))
    places = text(place_codes(world)).to_pylist()
    staff = staff_codes(world)

    def code(kind: str, number: int) -> str:
        if kind == "patient":
            return f"P{number:09d}"
        return staff[number] if kind == "practitioner" else places[number]

    kinds = {"patient": "参保人", "practitioner": "医保医师", "place": "定点医药机构"}
    times = np.array([t.day * DAY + 36_000 + t.target % 7 * 3_600 for t in tips], dtype=np.int64)
    return pa.table(
        {
            "tip_id": [f"T{n:06d}" for n in range(len(tips))],
            "tip_time": text(stamps(times)),
            "channel": [t.channel for t in tips],
            "target_code": [code(t.target_kind, t.target) for t in tips],
            "target_type": [kinds[t.target_kind] for t in tips],
            "content": [t.content for t in tips],
        }
    )
