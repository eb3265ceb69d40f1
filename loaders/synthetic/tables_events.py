"""Settlements, fee lines, receipts and filings as tables of text, columns as offices name them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.synthetic import billing, words
from loaders.synthetic.billing import MED_TYPES
from loaders.synthetic.calendar import dates, stamps
from loaders.synthetic.codes import Array, digits, joined, money, text, trace_codes
from loaders.synthetic.fees import FIRST_SERVICE, PRICES
from loaders.synthetic.plan import Filing, Receipt
from loaders.synthetic.staff import DOCTOR, NURSE, PHARMACIST
from loaders.synthetic.world import World

_PREFIX = {DOCTOR: b"D", NURSE: b"N", PHARMACIST: b"HY"}


def place_codes(world: World) -> Array:
    """`H11010500026`, shape (places, 12)."""
    kind = world.places.kind
    count = len(kind)
    out = np.empty((count, 12), dtype=np.uint8)
    out[:, 0] = np.where(kind == 6, ord("P"), ord("H"))
    out[:, 1:7] = digits(world.places.district_codes()[world.places.district], 6)
    out[:, 7:] = digits(np.arange(count), 5)
    return out


def staff_codes(world: World) -> list[str]:
    """`D110105000116` and the like for every practitioner."""
    area = world.places.district_codes()[world.places.district[world.staff.place]].tolist()
    kinds = world.staff.profession.tolist()
    return [
        f"{_PREFIX.get(kind, b'HJ').decode()}{code}{number:06d}"
        for number, (kind, code) in enumerate(zip(kinds, area, strict=True))
    ]


def patient_codes(patient: Array) -> Array:
    """`P000000123`, shape (n, 10)."""
    return joined(len(patient), b"P", digits(patient, 9))


def _chosen(options: tuple[str, ...], index: Array) -> pa.Array:
    """Options by index; a negative index gives an empty text."""
    return pc.take(pa.array([*options, ""]), pa.array(np.where(index < 0, len(options), index)))


def _practitioners(world: World, numbers: Array) -> pa.Array:
    return _chosen(tuple(staff_codes(world)), numbers)


def settlement_table(world: World, rng: np.random.Generator, rows: Array) -> pa.Table:
    """`setl_d` for numbered rows."""
    count = len(rows)
    place = place_codes(world)[rows["place"]]
    admdvs = world.places.district_codes()
    sign = np.where(rows["refund"] == 1, -1, 1)
    cash = rows["fee"] - rows["fund"] - rows["acct"] - rows["mulaid"]
    visit = np.where(rows["init"] >= 0, rows["init"], rows["number"])
    diagnosis = _chosen(words.DIAGNOSES, rows["diag"].astype(np.int64))
    patient = rows["patient"]
    sent = rows["settle"] + rng.integers(0, 1800, count)
    return pa.table(
        {
            "setl_id": text(joined(count, b"S", digits(rows["number"], 11))),
            "mdtrt_id": text(joined(count, b"M", digits(visit, 11))),
            "psn_no": text(patient_codes(patient)),
            "fixmedins_code": text(place),
            "med_type": _chosen(MED_TYPES, rows["med"].astype(np.int64)),
            "begntime": text(stamps(rows["begin"])),
            "endtime": text(stamps(rows["end"])),
            "setl_time": text(stamps(rows["settle"])),
            "atddr_no": _practitioners(world, rows["practitioner"].astype(np.int64)),
            "dscg_maindiag_code": diagnosis,
            "medfee_sumamt": money(rows["fee"] * sign),
            "fund_pay_sumamt": money(rows["fund"] * sign),
            "acct_pay": money(rows["acct"] * sign),
            "acct_mulaid_pay": money(rows["mulaid"] * sign),
            "cash_payamt": money(cash * sign),
            "refd_setl_flag": _chosen(("0", "1"), rows["refund"].astype(np.int64)),
            "init_setl_id": text(joined(count, b"S", digits(rows["init"], 11)), rows["init"] >= 0),
            "insu_admdvs": text(digits(admdvs[world.people.district[patient]], 6)),
            "fix_blng_admdvs": text(digits(admdvs[world.places.district[rows["place"]]], 6)),
            "pay_loc": text(digits(rows["pay_loc"], 1)),
            "mdtrt_cert_type": text(digits(rows["cert"], 2)),
            "opter": text(joined(count, place, digits(rows["opter"], 2))),
            "er_flag": _chosen(("0", "1"), rows["er"].astype(np.int64)),
            "updt_time": text(stamps(sent)),
        }
    )


def _traces(rows: Array) -> pa.Array:
    """The codes of a line's boxes joined by `;`, empty for services."""
    boxes = np.where(rows["trdn"] == 1, 1, np.maximum(rows["boxes"], 1)).astype(np.int64)
    drug = rows["item"] < FIRST_SERVICE
    columns = []
    for extra in range(int(boxes.max(initial=1))):
        code = trace_codes(rows["item"], rows["trace"] + extra)
        if extra:
            code = joined(len(rows), b";", code)
        columns.append(text(code, drug & (boxes > extra)))
    return pc.binary_join_element_wise(*columns, "")


def fee_table(world: World, rows: Array, first: int) -> pa.Table:
    """`fee_list_d` for the rows that carry a line; serials count from `first`."""
    rows = rows[rows["item"] >= 0]
    count = len(rows)
    item = rows["item"].astype(np.int64)
    sign = np.where(rows["refund"] == 1, -1, 1)
    boxes = np.maximum(rows["boxes"], 1) * sign
    prescribed = rows["rx_place"] >= 0
    at_shop = rows["med"] == billing.PHARMACY
    doctor = np.where(prescribed, rows["rx_doctor"], np.where(at_shop, -1, rows["practitioner"]))
    places = place_codes(world)
    return pa.table(
        {
            "feedetl_sn": text(joined(count, b"F", digits(first + np.arange(count), 11))),
            "setl_id": text(joined(count, b"S", digits(rows["number"], 11))),
            "psn_no": text(patient_codes(rows["patient"])),
            "fixmedins_code": text(places[rows["place"]]),
            "med_list_codg": _chosen(tuple(i[0] for i in words.ITEMS), item),
            "med_list_name": _chosen(tuple(i[1] for i in words.ITEMS), item),
            "cnt": pa.array(boxes).cast(pa.string()),
            "pric": money(PRICES[item]),
            "det_item_fee_sumamt": money(PRICES[item] * boxes),
            "fee_ocur_time": text(stamps(rows["settle"])),
            "bilg_dr_codg": _practitioners(world, doctor.astype(np.int64)),
            "rxno": text(joined(count, b"RX", digits(rows["number"], 11)), prescribed),
            "rx_circ_flag": _chosen(("0", "1"), prescribed.astype(np.int64)),
            "presc_fixmedins_code": text(places[rows["rx_place"]], prescribed),
            "drug_trac_codg": _traces(rows),
            "trdn_flag": _chosen(("0", "1"), rows["trdn"].astype(np.int64)),
        }
    )


def receipt_table(world: World, receipts: list[Receipt]) -> pa.Table:
    """`mnl_reim_d`, in order of acceptance."""
    receipts = sorted(receipts, key=lambda r: (r.accepted, r.patient, r.invoice))
    codes = text(place_codes(world)).to_pylist()
    area = world.places.district_codes()
    patients = np.array([r.patient for r in receipts], dtype=np.int64)
    columns = {
        "reim_id": [f"R{number:09d}" for number in range(len(receipts))],
        "psn_no": [f"P{r.patient:09d}" for r in receipts],
        "invono": [f"{r.invoice:010d}" for r in receipts],
        "fixmedins_name": [r.place_name for r in receipts],
        "fixmedins_code": ["" if r.place < 0 else codes[r.place] for r in receipts],
        "begndate": text(dates(np.array([r.begin for r in receipts], dtype=np.int64))),
        "enddate": text(dates(np.array([r.end for r in receipts], dtype=np.int64))),
        "medfee_sumamt": money(np.array([r.fee for r in receipts], dtype=np.int64)),
        "fund_pay_sumamt": money(np.array([r.fund for r in receipts], dtype=np.int64)),
        "agnter_name": [r.agent_name for r in receipts],
        "agnter_certno": [r.agent_certno for r in receipts],
        "agnter_tel": [str(r.agent_phone) if r.agent_phone else "" for r in receipts],
        "bankacct": [str(r.account) for r in receipts],
        "acp_admdvs": [str(a) for a in area[world.people.district[patients]].tolist()],
        "acp_time": text(stamps(np.array([r.accepted for r in receipts], dtype=np.int64))),
    }
    return pa.table(columns)


def filing_table(world: World, filings: list[Filing]) -> pa.Table:
    """`out_appy_evt_c`, by begin date."""
    filings = sorted(filings, key=lambda f: (f.begin, f.patient))
    return pa.table(
        {
            "psn_no": [f"P{f.patient:09d}" for f in filings],
            "rloc_admdvs": [str(world.places.districts[f.district].code) for f in filings],
            "begndate": text(dates(np.array([f.begin for f in filings], dtype=np.int64))),
            "enddate": text(dates(np.array([f.end for f in filings], dtype=np.int64))),
            "agnter_name": [f.agent_name for f in filings],
            "agnter_certno": [f.agent_certno for f in filings],
            "agnter_tel": [str(f.agent_phone) for f in filings],
        }
    )
