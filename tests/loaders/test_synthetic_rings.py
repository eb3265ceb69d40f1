"""Every planted ring shows in the files what the truth says of it, and look-alikes stay honest."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from loaders.synthetic import WorldSettings, WorldSummary, write_world
from loaders.synthetic.settings import RING_MIX, TWIN_RATES
from loaders.synthetic.truth import TrueRing, Truth, read_truth

VISITS = 100_000
GATHERING_KINDS = ("card_pool", "camouflaged_pool", "cross_province", "relay", "recruitment_star")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> WorldSummary:
    target = tmp_path_factory.mktemp("rings") / "world"
    return write_world(target, visits=VISITS, seed=23, settings=WorldSettings(rings=2.0).clean())


@pytest.fixture(scope="module")
def truth(world: WorldSummary) -> Truth:
    return read_truth(world.truth)


@pytest.fixture(scope="module")
def db(world: WorldSummary) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    for table in world.tables:
        files = f"{world.target}/{table}*.csv"
        connection.execute(
            f"CREATE TABLE {table} AS SELECT * FROM read_csv('{files}', all_varchar=true, header=true)"
        )
    connection.execute("ALTER TABLE setl_d ALTER setl_time TYPE TIMESTAMP")
    connection.execute("ALTER TABLE setl_d ALTER begntime TYPE TIMESTAMP")
    yield connection
    connection.close()


def of_kind(truth: Truth, kind: str) -> list[TrueRing]:
    rings = [ring for ring in truth.rings if ring.kind == kind]
    assert rings
    return rings


def number(db: duckdb.DuckDBPyConnection, query: str, *values: object) -> int:
    found = db.execute(query, list(values)).fetchone()
    assert found is not None
    return int(found[0] or 0)


def test_every_kind_is_present(truth: Truth) -> None:
    assert truth.kinds() == {kind.value for kind in RING_MIX}
    assert {twin.kind for twin in truth.look_alikes} == {kind.value for kind in TWIN_RATES}
    assert len(truth.rings) == 20


def test_honest_people_are_many_more_than_ring_members(truth: Truth) -> None:
    members = {m for ring in truth.rings for m in ring.members}
    honest = {m for twin in truth.look_alikes for m in twin.members}
    assert len(honest) > 3 * len(members)
    assert not members & honest


def test_every_code_in_the_truth_exists(db: duckdb.DuckDBPyConnection, truth: Truth) -> None:
    def known(query: str) -> set[str]:
        return {row[0] for row in db.execute(query).fetchall()}

    patients = known("SELECT psn_no FROM psn_info_b")
    staff = known("SELECT prac_psn_code FROM prac_psn_b")
    places = known("SELECT fixmedins_code FROM fixmedins_b")
    for one in (*truth.rings, *truth.look_alikes):
        assert set(one.members) <= patients
        assert set(one.professionals) <= staff
        assert set(one.places) <= places


def test_ring_money_is_in_the_files(db: duckdb.DuckDBPyConnection, truth: Truth) -> None:
    for ring in truth.rings:
        assert ring.amount > 0
        if ring.kind == "receipt_mill":
            continue
        found = number(
            db,
            """SELECT round(100 * sum(fund_pay_sumamt::DOUBLE)) FROM setl_d
            WHERE psn_no IN (SELECT unnest(?)) AND fixmedins_code IN (SELECT unnest(?))""",
            list(ring.members),
            list(ring.places),
        )
        assert found >= ring.amount


@pytest.mark.parametrize("kind", GATHERING_KINDS)
def test_pools_gather(db: duckdb.DuckDBPyConnection, truth: Truth, kind: str) -> None:
    for ring in of_kind(truth, kind):
        gatherings = number(
            db,
            """SELECT count(*) FROM (
                SELECT setl_time::DATE, fixmedins_code FROM setl_d
                WHERE psn_no IN (SELECT unnest(?)) AND fixmedins_code IN (SELECT unnest(?))
                GROUP BY ALL HAVING count(DISTINCT psn_no) >= 2)""",
            list(ring.members),
            list(ring.places),
        )
        assert gatherings >= 0.7 * ring.facts["gatherings"]


def test_cross_province_pool_uses_several_provinces(
    db: duckdb.DuckDBPyConnection, truth: Truth
) -> None:
    for ring in of_kind(truth, "cross_province"):
        assert len({place[1:3] for place in ring.places}) >= 2
        agents = number(
            db,
            "SELECT max(n) FROM (SELECT count(*) n FROM out_appy_evt_c WHERE psn_no IN"
            " (SELECT unnest(?)) GROUP BY agnter_tel)",
            list(ring.members),
        )
        assert agents == len(ring.members)


def test_synchronised_admissions_repeat(db: duckdb.DuckDBPyConnection, truth: Truth) -> None:
    for ring in of_kind(truth, "synchronised_admissions"):
        stays = number(
            db,
            """SELECT count(*) FROM (
                SELECT fixmedins_code, count(DISTINCT psn_no) n FROM setl_d
                WHERE med_type = '21' AND psn_no IN (SELECT unnest(?))
                GROUP BY fixmedins_code, epoch(begntime)::BIGINT // (6 * 86400) HAVING n >= 3)""",
            list(ring.members),
        )
        assert stays >= ring.facts["stays"] - 1


def test_receipt_mill_has_one_agent(db: duckdb.DuckDBPyConnection, truth: Truth) -> None:
    for ring in of_kind(truth, "receipt_mill"):
        patients, accounts = db.execute(
            """SELECT count(DISTINCT psn_no), count(DISTINCT bankacct) FROM mnl_reim_d
            WHERE agnter_certno = (SELECT mode(agnter_certno) FROM mnl_reim_d
                                   WHERE psn_no IN (SELECT unnest(?)))""",
            [list(ring.members)],
        ).fetchall()[0]
        assert patients == len(ring.members)
        assert accounts <= 2


def test_funnel_is_far_above_the_market(db: duckdb.DuckDBPyConnection, truth: Truth) -> None:
    for ring in of_kind(truth, "funnel"):
        shop = next(place for place in ring.places if place.startswith("P"))
        share = """SELECT 1000 * count(*) FILTER (fixmedins_code = ?) / count(*)
                   FROM fee_list_d WHERE rx_circ_flag = '1' AND {}"""
        own = number(db, share.format("bilg_dr_codg = ?"), shop, ring.professionals[0])
        market = number(db, share.format("bilg_dr_codg <> ?"), shop, ring.professionals[0])
        assert own > 3 * market


def test_doctor_in_two_places_is_not_registered_there(
    db: duckdb.DuckDBPyConnection, truth: Truth
) -> None:
    for ring in of_kind(truth, "two_places"):
        where = number(
            db,
            "SELECT count(*) FROM prac_reg_d WHERE prac_psn_code = ?"
            " AND fixmedins_code IN (SELECT unnest(?))",
            ring.professionals[0],
            list(ring.places),
        )
        assert where == 1
        close = number(
            db,
            """SELECT count(*) FROM setl_d a JOIN setl_d b USING (atddr_no)
            WHERE atddr_no = ? AND a.fixmedins_code < b.fixmedins_code
              AND abs(epoch(a.setl_time) - epoch(b.setl_time)) < 1800""",
            ring.professionals[0],
        )
        assert close >= 0.6 * ring.facts["times"]


def test_resold_boxes_are_sold_at_two_places(db: duckdb.DuckDBPyConnection, truth: Truth) -> None:
    for ring in of_kind(truth, "trace_resale"):
        twice = number(
            db,
            """SELECT count(*) FROM (SELECT drug_trac_codg FROM fee_list_d
                WHERE psn_no IN (SELECT unnest(?)) AND trdn_flag = '0' AND drug_trac_codg IS NOT NULL
                GROUP BY 1 HAVING count(DISTINCT fixmedins_code) >= 2)""",
            list(ring.members),
        )
        assert twice == ring.facts["boxes"]


def test_honest_boxes_are_never_sold_at_two_places(
    db: duckdb.DuckDBPyConnection, truth: Truth
) -> None:
    members = [m for ring in truth.rings if ring.kind == "trace_resale" for m in ring.members]
    twice = """SELECT count(*) FROM (SELECT unnest(string_split(drug_trac_codg, ';')) code,
                fixmedins_code FROM fee_list_d WHERE psn_no NOT IN (SELECT unnest(?)))
               GROUP BY code HAVING count(DISTINCT fixmedins_code) >= 2"""
    assert db.execute(twice, [members]).fetchall() == []


def test_dead_cards_go_on(db: duckdb.DuckDBPyConnection, truth: Truth) -> None:
    for ring in of_kind(truth, "use_after_death"):
        uses = number(
            db,
            """SELECT count(*) FROM setl_d JOIN psn_info_b USING (psn_no)
            WHERE psn_no IN (SELECT unnest(?)) AND setl_time::DATE > die_date::DATE + 7""",
            list(ring.members),
        )
        assert uses >= 3


def test_substitute_jumps_when_the_doctor_is_suspended(
    db: duckdb.DuckDBPyConnection, truth: Truth
) -> None:
    for ring in of_kind(truth, "substitution"):
        suspended = number(
            db,
            "SELECT count(*) FROM pena_psn_d WHERE prac_psn_code IN (SELECT unnest(?))",
            list(ring.professionals),
        )
        assert suspended >= 1
        before, after = db.execute(
            """SELECT count(DISTINCT atddr_no) FILTER (setl_time < begn_date::DATE),
                      count(DISTINCT atddr_no) FILTER (setl_time >= begn_date::DATE)
            FROM setl_d, (SELECT min(begn_date) begn_date FROM pena_d JOIN pena_psn_d USING (doc_no)
                          WHERE prac_psn_code IN (SELECT unnest(?)) AND measure = '暂停拨付')
            WHERE psn_no IN (SELECT unnest(?)) AND med_type = '14' AND fixmedins_code = ?
              AND atddr_no IN (SELECT unnest(?))""",
            [
                list(ring.professionals),
                list(ring.members),
                ring.places[0],
                list(ring.professionals),
            ],
        ).fetchall()[0]
        assert before >= 1
        assert after >= 1


def test_staff_bill_while_they_lie_in_bed(db: duckdb.DuckDBPyConnection, truth: Truth) -> None:
    for ring in of_kind(truth, "staff_as_patients"):
        same = number(
            db,
            """SELECT count(*) FROM psn_info_b p JOIN prac_psn_b s USING (certno)
            WHERE psn_no IN (SELECT unnest(?)) AND prac_psn_code IN (SELECT unnest(?))""",
            list(ring.members),
            list(ring.professionals),
        )
        assert same == len(ring.members)
        billed = number(
            db,
            """SELECT count(*) FROM setl_d stay JOIN psn_info_b USING (psn_no)
            JOIN prac_psn_b s USING (certno) JOIN setl_d work ON work.atddr_no = s.prac_psn_code
            WHERE stay.psn_no IN (SELECT unnest(?)) AND stay.med_type = '21'
              AND work.med_type <> '21'
              AND work.setl_time BETWEEN stay.begntime AND stay.setl_time""",
            list(ring.members),
        )
        assert billed > 0


def test_shared_identifier_joins_strangers(db: duckdb.DuckDBPyConnection, truth: Truth) -> None:
    for ring in of_kind(truth, "shared_identifier"):
        holders = number(
            db,
            """SELECT greatest(max(n), max(m)) FROM (
                SELECT count(*) OVER (PARTITION BY tel) n,
                       count(*) OVER (PARTITION BY bankacct) m
                FROM psn_info_b WHERE psn_no IN (SELECT unnest(?)))""",
            list(ring.members),
        )
        assert holders == len(ring.members)


def test_honest_doctors_are_in_one_place_at_a_time(
    db: duckdb.DuckDBPyConnection, truth: Truth
) -> None:
    apart = [ring.professionals[0] for ring in of_kind(truth, "two_places")]
    two = db.execute(
        """SELECT count(*) FROM (
            SELECT atddr_no, fixmedins_code, pay_loc, setl_time - lag(setl_time) OVER w AS gap,
                   lag(fixmedins_code) OVER w AS before, lag(pay_loc) OVER w AS channel
            FROM setl_d WHERE med_type <> '21' AND atddr_no IS NOT NULL
              AND atddr_no NOT IN (SELECT unnest(?)) AND refd_setl_flag = '0'
              AND hour(setl_time) < 22
            WINDOW w AS (PARTITION BY atddr_no ORDER BY setl_time))
        WHERE before <> fixmedins_code AND gap < INTERVAL 30 MINUTE
          AND pay_loc <> '5' AND channel <> '5'""",
        [apart],
    ).fetchone()
    assert two is not None
    assert two[0] <= 3
