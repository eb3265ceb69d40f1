"""A builder of small worlds: ordinary life, what a test plants into it, and the workspace with both."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa

from graph.ids import Prefix, blind_id
from graph.schema import TABLES
from tests.factory import publish, table_of
from tests.factory_rows import SECRET, Rows
from tests.graph.ordinary import ordinary_visits

OPENING = date(2025, 1, 6)
DAYS = 350
TOWN, FAR_TOWN = "330102", "320102"
ENTITIES = ("patients", "places", "practitioners", "tokens", "holds")


class WorldBuilder:
    """Rows of a snapshot, added one kind at a time; keys are handed out from 0 in order."""

    def __init__(self, seed: int = 1) -> None:
        self.chance = Random(seed)
        self.seed = seed
        self.tables: dict[str, Rows] = {name: [] for name in ENTITIES}
        self.tables["setl_d"] = []
        self.staff: dict[int, list[int]] = {}
        self._life: list[pa.Table] = []

    def day(self, number: int, hour: int = 9, minute: int = 0) -> datetime:
        """The moment on day `number` of the year that the world covers; it opens on a Monday."""
        return datetime.combine(OPENING, time(hour, minute)) + timedelta(days=number)

    def dates(self, count: int, least: int = 3, most: int = 330) -> list[int]:
        """`count` distinct days without rhythm, ascending."""
        return sorted(self.chance.sample(range(least, most), count))

    def add_patients(self, count: int, admdvs: str = TOWN) -> list[int]:
        """Living adults; their keys."""
        facts = {"gend": "1", "birth_year": 1960, "known": True, "surv_stas": "1"}
        return [
            self._entity("patients", "patient", Prefix.PATIENT, insu_admdvs=admdvs, **facts)
            for _ in range(count)
        ]

    def add_places(
        self,
        count: int,
        kind: str = "facility",
        admdvs: str = TOWN,
        lnt: float | None = 120.15,
        lat: float | None = 30.25,
    ) -> list[int]:
        """Places of one kind side by side on the map; their keys."""
        prefix = Prefix.FACILITY if kind == "facility" else Prefix.PHARMACY
        keys = []
        for _ in range(count):
            key = self._entity("places", "place", prefix, kind=kind, known=True, admdvs=admdvs)
            named = {"code": f"H{key:06d}", "name": f"{kind}{key}", "lnt": lnt, "lat": lat}
            self.tables["places"][key] |= named
            keys.append(key)
        return keys

    def add_practitioners(
        self, count: int, place: int | None = None, profession: str = "doctor"
    ) -> list[int]:
        """Practitioners; with `place` registered there as their main one, and met by its patients."""
        facts = {"multi_site": False, "known": True, "codes": 1, "basis": "certno"}
        facts |= {"confidence": 1.0, "profession": profession}
        keys = []
        for _ in range(count):
            key = self._entity("practitioners", "practitioner", Prefix.PRACTITIONER, **facts)
            if place is not None:
                self.registration(key, place)
                self.staff.setdefault(place, []).append(key)
            keys.append(key)
        return keys

    def background(
        self,
        visits_per_patient: float = 8.0,
        patients: Sequence[int] | None = None,
        places: Sequence[int] | None = None,
    ) -> None:
        """A year of ordinary visits: busy and quiet places, weekdays, morning and afternoon peaks."""
        who = patients if patients is not None else range(len(self.tables["patients"]))
        chosen = places if places is not None else range(len(self.tables["places"]))
        first = sum(life.num_rows for life in self._life)
        shops = {p["place"] for p in self.tables["places"] if p["kind"] == "pharmacy"}
        staff = {place: self.staff.get(place, []) for place in chosen}
        self._life.append(
            ordinary_visits(
                self.seed + len(self._life), who, chosen, visits_per_patient, OPENING, DAYS,
                staff=staff, shops=shops, first=first,
            )
        )  # fmt: skip

    def visit(
        self,
        patient: int,
        place: int,
        time: datetime,
        practitioner: int | None = None,
        med_type: str | None = None,
        fund: int = 6_000,
        stay_until: datetime | None = None,
        pay_loc: str = "2",
        operator: int | None = None,
        settled: datetime | None = None,
    ) -> str:
        """One settlement at `time` (or a stay until `stay_until`); its setl_id."""
        shop = self.tables["places"][place]["kind"] == "pharmacy"
        usual = "21" if stay_until else "41" if shop else "11"
        setl_id = f"S{len(self.tables['setl_d']):06d}"
        row = {
            "setl_id": setl_id, "mdtrt_id": setl_id.replace("S", "M"), "patient": patient,
            "place": place, "practitioner": practitioner, "med_type": med_type or usual,
            "begntime": time, "endtime": stay_until or time,
            "setl_time": settled or stay_until or time, "diag": "I10",
            "medfee": fund * 2, "fund": fund, "cash_pay": fund, "refund": False,
            "net_medfee": fund * 2, "net_fund": fund, "counts": True, "insu_admdvs": TOWN,
            "pay_loc": pay_loc, "operator": operator, "er_flag": False,
        }  # fmt: skip
        self.tables["setl_d"].append(row)
        return setl_id

    def gathering(
        self, patients: Iterable[int], place: int, at: datetime, spread: int = 8, **visit: Any
    ) -> None:
        """One visit of each of `patients` within `spread` minutes of `at`."""
        for patient in patients:
            self.visit(
                patient, place, at + timedelta(minutes=self.chance.randint(0, spread)), **visit
            )

    def token(
        self, kind: str, holders: Iterable[int], field: str, owner_kind: str = "patient"
    ) -> int:
        """One shared value held by `holders` in `field`; its key."""
        key = self._entity("tokens", "token", Prefix.TOKEN, kind=kind)
        self.hold(key, holders, field, owner_kind)
        return key

    def hold(
        self, token: int, holders: Iterable[int], field: str, owner_kind: str = "patient"
    ) -> None:
        """More holders of a token there is."""
        self.tables["holds"] += [
            {"owner_kind": owner_kind, "owner": owner, "token": token, "field": field}
            for owner in holders
        ]

    def kin(self, a: int, b: int) -> None:
        """A 家庭共济 filing."""
        self._add("psn_kin_d", patient=a, kin=b, relation="配偶")

    def script(
        self,
        practitioner: int,
        home: int,
        pharmacy: int,
        patient: int,
        time: datetime,
        item: str | None = None,
    ) -> str:
        """An external prescription of `home` settled at `pharmacy`; the settlement's id."""
        setl_id = self.visit(patient, pharmacy, time)
        self._fee(setl_id, practitioner=practitioner, rx_circ=True, presc_place=home)
        if item is not None:
            self.tables["fee_list_d"][-1]["item"] = item
        self.tables["fee_list_d"][-1]["rxno"] = f"R{setl_id}"
        return setl_id

    def sale(
        self,
        code: str,
        patient: int,
        pharmacy: int,
        time: datetime,
        cnt: float = 1.0,
        split: bool = False,
    ) -> str:
        """A box with trace code `code` sold (`cnt` below 0: brought back); the settlement's id."""
        setl_id = self.visit(patient, pharmacy, time, fund=4_000 if cnt > 0 else -4_000)
        self._fee(setl_id, trace_codes=[code], trdn=split, cnt=cnt, amount=int(8_000 * cnt))
        return setl_id

    def receipt(
        self,
        patient: int,
        day: date,
        agent: int | None = None,
        agent_phone: int | None = None,
        account: int | None = None,
        fund: int = 300_000,
        invono: str | None = None,
        place_name: str = "外地医院",
        office: str | None = None,
    ) -> str:
        """A manual reimbursement; tokens are held by its row as the loaders write them. A negative `fund` takes one back."""
        number = len(self.tables.get("mnl_reim_d", ()))
        self._add(
            "mnl_reim_d", reim=number, reim_id=f"Z{number:05d}", patient=patient,
            invono=invono or f"{70_000_000 + number}", place_name=place_name, begndate=day,
            enddate=day, medfee=fund * 2, fund=fund, agent=agent, agent_phone=agent_phone,
            account=account, acp_admdvs=office,
            acp_time=datetime.combine(day, time(10)) + timedelta(days=20),
        )  # fmt: skip
        fields = {"agnter_certno": agent, "agnter_tel": agent_phone, "bankacct": account}
        for field, token in fields.items():
            if token is not None:
                self.hold(token, [number], field, "receipt")
        return f"Z{number:05d}"

    def filing(self, patient: int, day: date, agent: int | None = None) -> None:
        """An out-of-town filing, brought in by `agent`."""
        number = len(self.tables.get("out_appy_evt_c", ()))
        self._add(
            "out_appy_evt_c",
            filing=number,
            patient=patient,
            rloc_admdvs="310000",
            begndate=day,
            agent=agent,
        )
        if agent is not None:
            self.hold(agent, [number], "agnter_certno", "filing")

    def registration(self, practitioner: int, place: int, main: bool = True) -> None:
        """A practitioner registered at a place in good standing."""
        self._add(
            "prac_reg_d", practitioner=practitioner, place=place, main=main,
            begntime=datetime(2019, 1, 1), reg_stas="正常", commit_flag=True,
        )  # fmt: skip

    def suspension(self, practitioner: int, place: int, day: date) -> None:
        """The payment qualification of a practitioner suspended at a place from `day` on."""
        self._add(
            "prac_reg_d", practitioner=practitioner, place=place, main=True,
            begntime=datetime(2019, 1, 1), endtime=datetime.combine(day, time()), reg_stas="暂停",
            commit_flag=True,
        )  # fmt: skip

    def death(self, patient: int, day: date) -> None:
        """A registered death."""
        self.tables["patients"][patient] |= {"die_date": day, "surv_stas": "2"}

    def add_table(self, name: str) -> None:
        """A table that is there, be it without rows."""
        self.tables.setdefault(name, [])

    def write(self, tmp_path: Path, only: Sequence[str] | None = None) -> Path:
        """The workspace holding this world as its live snapshot; `only` names the tables kept."""
        self._count_holders()
        arrow = {name: table_of(name, rows) for name, rows in self.tables.items()}
        arrow["setl_d"] = pa.concat_tables([arrow["setl_d"], *self._life])
        kept = {name: arrow[name] for name in TABLES if name in arrow}
        workspace = tmp_path / "workspace"
        publish(workspace, {n: t for n, t in kept.items() if only is None or n in only})
        keys = {"id": SECRET.hex(), "vault": bytes(32).hex()}
        (workspace / "keys.json").write_text(json.dumps(keys), "utf-8")
        return workspace

    def _count_holders(self) -> None:
        owners: dict[int, set[tuple[str, int]]] = {}
        for held in self.tables["holds"]:
            owners.setdefault(held["token"], set()).add((held["owner_kind"], held["owner"]))
        for token in self.tables["tokens"]:
            token["holders"] = len(owners.get(token["token"], ()))

    def _add(self, table: str, **row: Any) -> None:
        self.tables.setdefault(table, []).append(row)

    def _entity(self, table: str, key: str, prefix: Prefix, **facts: Any) -> int:
        number = len(self.tables[table])
        identity = {key: number, "id": blind_id(SECRET, prefix, f"{table}{number}")}
        self.tables[table].append(identity | facts)
        return number

    def _fee(self, setl_id: str, **facts: Any) -> None:
        visit = self.tables["setl_d"][-1]
        line = {
            "feedetl_sn": f"L{setl_id}", "setl_id": setl_id, "patient": visit["patient"],
            "place": visit["place"], "item": "XA10BF", "item_name": "阿卡波糖片", "cnt": 1.0,
            "pric": visit["medfee"], "amount": visit["medfee"], "fee_time": visit["setl_time"], "rx_circ": False,
            "trdn": False,
        }  # fmt: skip
        self._add("fee_list_d", **(line | facts))
