"""The rows of a small world, table by table; `tests.factory` publishes them."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from graph.ids import Prefix, blind_id

SECRET = b"a key for tests only"
OPENING = datetime(2025, 3, 3, 8)
Rows = list[dict[str, Any]]

PLACE_NAMES = ("康健医院", "仁和诊所", "惠民大药房", "同心医院", "百草堂药店", "城南卫生室")


def entities(
    chance: Random, patients: int, places: int, practitioners: int, tokens: int
) -> dict[str, Rows]:
    """Patients, places (every third a pharmacy), practitioners and tokens; keys from 0."""
    pharmacy = [key % 3 == 2 for key in range(places)]
    kinds = ("phone", "account", "address", "certno", "employer", "operator")
    professions = ("doctor", "doctor", "nurse", "pharmacist", "technician")
    return {
        "patients": [
            {
                "patient": key,
                "id": blind_id(SECRET, Prefix.PATIENT, f"P{key}"),
                "known": key % 7 != 6,
                "gend": chance.choice("12"),
                "birth_year": chance.randint(1935, 2015),
                "insu_admdvs": chance.choice(("110105", "120101", "131000")),
                "surv_stas": "1",
            }
            for key in range(patients)
        ],
        "places": [
            {
                "place": key,
                "id": blind_id(SECRET, Prefix.PHARMACY if shop else Prefix.FACILITY, f"F{key}"),
                "kind": "pharmacy" if shop else "facility",
                "code": f"{'P' if shop else 'H'}110105{key:05d}",
                "name": f"{PLACE_NAMES[key % len(PLACE_NAMES)]}{key}",
                "level": None if shop else chance.choice(("社区", "二级", "三级")),
                "admdvs": chance.choice(("110105", "120101")),
                "lnt": round(chance.uniform(116, 118), 4),
                "lat": round(chance.uniform(39, 40), 4),
                "beds": None if shop else chance.randint(0, 500),
                "known": True,
            }
            for key, shop in enumerate(pharmacy)
        ],
        "practitioners": [
            {
                "practitioner": key,
                "id": blind_id(SECRET, Prefix.PRACTITIONER, f"D{key}"),
                "profession": professions[key % len(professions)],
                "multi_site": key % 4 == 0,
                "known": True,
                "codes": 1 + key % 2,
                "basis": "certno",
                "confidence": 1.0,
            }
            for key in range(practitioners)
        ],
        "tokens": [
            {
                "token": key,
                "id": blind_id(SECRET, Prefix.TOKEN, f"T{key}"),
                "kind": kinds[key % len(kinds)],
                "holders": 0,
            }
            for key in range(tokens)
        ],
    }


def visits_and_fees(chance: Random, world: dict[str, Rows], visits: int) -> dict[str, Rows]:
    """`visits` visits, every tenth a gathering of patients 0–3; some refunds; their fees."""
    rows: Rows = []
    staff = len(world["practitioners"])
    while len(rows) < visits:
        at = OPENING + timedelta(days=chance.randrange(110), minutes=chance.randrange(540))
        place = chance.randrange(len(world["places"]))
        crowd = [chance.randrange(len(world["patients"]))]
        if len(rows) % 10 == 0:
            crowd, place = [key for key in range(4) if key < len(world["patients"])], 0
        for patient in crowd:
            rows.append(_visit(chance, len(rows), patient, place, staff, at))
            at += timedelta(minutes=chance.randrange(4))
    for row in rows[:]:
        if chance.random() < 0.08:
            rows.append(_refund(chance, len(rows), row))
    return {"setl_d": rows, "fee_list_d": _fees(chance, world, rows)}


def _visit(
    chance: Random, number: int, patient: int, place: int, staff: int, at: datetime
) -> dict[str, Any]:
    medfee = chance.randrange(1_000, 90_000)
    fund = chance.choice((0, medfee // 2, medfee * 7 // 10))
    return {
        "setl_id": f"S{number:05d}",
        "mdtrt_id": f"M{number:05d}",
        "patient": patient,
        "place": place,
        "practitioner": chance.randrange(staff) if staff and chance.random() < 0.9 else None,
        "med_type": chance.choice(("11", "14", "21")) if place % 3 != 2 else "41",
        "begntime": at,
        "endtime": at + timedelta(minutes=20),
        "setl_time": at + timedelta(minutes=20),
        "diag": chance.choice(("I10", "E11", None)),
        "medfee": medfee,
        "fund": fund,
        "cash_pay": medfee - fund,
        "refund": False,
        "net_medfee": medfee,
        "net_fund": fund,
        "counts": True,
        "pay_loc": "2",
        "mdtrt_cert_type": "03",
        "er_flag": False,
    }


def _refund(chance: Random, number: int, visit: dict[str, Any]) -> dict[str, Any]:
    """A refund row for `visit`, in full or of half the fund; nets the visit in place."""
    full = chance.random() < 0.5
    medfee = visit["medfee"] if full else visit["medfee"] // 2
    fund = visit["fund"] if full else visit["fund"] // 2
    visit["net_medfee"] -= medfee
    visit["net_fund"] -= fund
    visit["counts"] = not full
    back = {"medfee": -medfee, "fund": -fund, "net_medfee": 0, "net_fund": 0, "counts": False}
    names = {"setl_id": f"S{number:05d}", "init_setl_id": visit["setl_id"], "refund": True}
    return {**visit, **back, **names}


def _fees(chance: Random, world: dict[str, Rows], visits: Rows) -> Rows:
    facilities = [place["place"] for place in world["places"] if place["kind"] == "facility"]
    fees: Rows = []
    for visit in visits:
        shop = world["places"][visit["place"]]["kind"] == "pharmacy"
        for _ in range(0 if visit["refund"] else chance.randrange(3)):
            number = len(fees)
            pric = chance.randrange(100, 5_000)
            fees.append(
                {
                    "feedetl_sn": f"L{number:06d}",
                    "setl_id": visit["setl_id"],
                    "patient": visit["patient"],
                    "place": visit["place"],
                    "item": f"XA{chance.randrange(6):03d}",
                    "item_name": "阿卡波糖片",
                    "cnt": 2.0,
                    "pric": pric,
                    "amount": 2 * pric,
                    "fee_time": visit["begntime"],
                    "practitioner": visit["practitioner"],
                    "rxno": chance.choice((None, f"R{visit['setl_id']}")) if shop else None,
                    "rx_circ": shop and chance.random() < 0.8,
                    "presc_place": chance.choice(facilities) if shop and facilities else None,
                    "trace_codes": [f"TC{chance.randrange(400):05d}"] if shop else None,
                    "trdn": False,
                }
            )
    return fees


def papers(chance: Random, world: dict[str, Rows]) -> dict[str, Rows]:
    """Registrations, kin, receipts, filings, penalties and tips."""
    patients, places = len(world["patients"]), len(world["places"])
    staff, tokens = len(world["practitioners"]), len(world["tokens"])

    def some(size: int) -> int | None:
        return chance.randrange(size) if size and chance.random() < 0.8 else None

    registered = [(who, chance.randrange(places)) for who in range(staff) for _ in range(2)]
    kin = [(who, chance.randrange(patients)) for who in range(0, patients, 5)]
    return {
        "prac_reg_d": [
            {
                "practitioner": who,
                "place": place,
                "main": number % 2 == 0,
                "dept_name": chance.choice(("内科", "外科", None)),
                "begntime": OPENING - timedelta(days=chance.randrange(900)),
                "endtime": chance.choice((None, OPENING + timedelta(days=chance.randrange(90)))),
                "reg_stas": chance.choice(("正常", "暂停", "终止")),
                "commit_flag": True,
            }
            for number, (who, place) in enumerate(registered)
        ],
        "psn_kin_d": [
            {"patient": one, "kin": other, "relation": chance.choice(("配偶", "子女"))}
            for one, other in kin
            if one != other
        ],
        "mnl_reim_d": [
            {
                "reim": number,
                "reim_id": f"Z{number:04d}",
                "patient": chance.randrange(patients),
                "invono": f"{chance.randrange(9):08d}",
                "place_name": "外地医院",
                "place": some(places),
                "begndate": date(2025, 4, 1 + number % 28),
                "enddate": date(2025, 4, 1 + number % 28),
                "medfee": 50_000,
                "fund": 30_000,
                "account": some(tokens),
                "agent_phone": some(tokens),
                "acp_time": datetime(2025, 5, 6, 10),
            }
            for number in range(min(patients, 8))
        ],
        "out_appy_evt_c": [
            {"filing": number, "patient": number, "rloc_admdvs": "310100"}
            | {"begndate": date(2025, 1, 1), "agent_phone": some(tokens)}
            for number in range(min(patients, 5))
        ],
        "pena_d": [{"doc_no": "京医保罚〔2025〕1号", "doc_date": date(2025, 5, 1), "place": 0}],
        "pena_psn_d": [{"doc_no": "京医保罚〔2025〕1号", "practitioner": 0, "points": 6.0}],
        "tip_d": [
            {"tip_id": "J1", "tip_time": datetime(2025, 5, 2, 9), "channel": "电话"}
            | {"target_kind": "facility", "target": 0, "content_ref": "J1"}
        ],
    }


def holds(chance: Random, world: dict[str, Rows]) -> Rows:
    """Who holds which token, from master rows and from receipts and filings."""
    tokens = len(world["tokens"])
    if not tokens:
        return []
    pools = (
        ("patient", "tel", [row["patient"] for row in world["patients"]]),
        ("patient", "bankacct", [row["patient"] for row in world["patients"][::3]]),
        ("practitioner", "tel", [row["practitioner"] for row in world["practitioners"]]),
        *(
            (kind, "legrep_certno", [p["place"] for p in world["places"] if p["kind"] == kind])
            for kind in ("facility", "pharmacy")
        ),
    )
    rows = [
        {"owner_kind": kind, "owner": owner, "token": chance.randrange(tokens), "field": field}
        for kind, field, owners in pools
        for owner in owners
        if chance.random() < 0.7
    ]
    papers = (
        ("receipt", "reim", "account", "bankacct", "mnl_reim_d"),
        ("receipt", "reim", "agent_phone", "agnter_tel", "mnl_reim_d"),
        ("filing", "filing", "agent_phone", "agnter_tel", "out_appy_evt_c"),
    )
    for kind, number, column, field, table in papers:
        for row in world[table]:
            if row[column] is not None:
                rows.append(
                    {"owner_kind": kind, "owner": row[number]}
                    | {"token": row[column], "field": field}
                )
    return rows
