"""Places, staff and registrations as tables of text, columns as offices name them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from loaders.synthetic import words
from loaders.synthetic.codes import credit_codes, digits, identity_numbers, joined, text
from loaders.synthetic.identities import outsiders
from loaders.synthetic.places import PlaceKind
from loaders.synthetic.population import calendar_dates, person_name
from loaders.synthetic.tables_events import place_codes, staff_codes
from loaders.synthetic.world import World

_LEVELS = ("3", "2", "1", "社区", "社区", "社区", "", "2")
_STATES = ("正常", "暂停", "终止")


def place_table(world: World, rng: np.random.Generator) -> pa.Table:
    """`fixmedins_b`."""
    places = world.places
    count = len(places)
    kind = places.kind
    area = places.district_codes()[places.district]
    legal = outsiders(rng, count)
    codes = text(place_codes(world)).to_pylist()
    chief = outsiders(rng, count)
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
    )


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
    names = zip(staff.surname.tolist(), staff.given.tolist(), staff.woman.tolist(), strict=True)
    return pa.table(
        {
            "prac_psn_code": staff_codes(world),
            "prac_psn_type": [str(p) for p in staff.profession.tolist()],
            "psn_name": [person_name(s, g[0], g[1], w) for s, g, w in names],
            "certno": text(identity_numbers(area, births, staff.order)),
            "prac_cert_no": text(joined(count, b"ZY", certificate)),
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
