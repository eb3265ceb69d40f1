"""The synthetic world is what an office sends: same bytes, sound keys, plausible calendar."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from stdnum.cn import ric, uscc

from loaders.synthetic import WorldSettings, WorldSummary, write_world
from loaders.synthetic.settings import TWIN_RATES, Dirt, RingKind
from loaders.synthetic.truth import read_truth, truth_path

VISITS = 60_000


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> WorldSummary:
    target = tmp_path_factory.mktemp("synthetic") / "world"
    return write_world(target, visits=VISITS, seed=11, settings=WorldSettings().clean())


@pytest.fixture(scope="module")
def db(world: WorldSummary) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    for table in world.tables:
        files = f"{world.target}/{table}*.csv"
        connection.execute(
            f"CREATE TABLE {table} AS SELECT * FROM read_csv('{files}', all_varchar=true, header=true)"
        )
    yield connection
    connection.close()


def fingerprints(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


@pytest.mark.parametrize("layout", ["csv", "mixed"])
def test_same_seed_gives_same_bytes_and_another_seed_does_not(tmp_path: Path, layout: str) -> None:
    worlds = [tmp_path / name / "world" for name in ("one", "two", "three")]
    for target, seed in zip(worlds, (3, 3, 4), strict=True):
        write_world(target, visits=5_000, seed=seed, layout=layout)  # type: ignore[arg-type]
    one, two, three = (fingerprints(target) for target in worlds)
    assert one == two
    assert one["psn_info_b.csv"] != three["psn_info_b.csv"]
    assert truth_path(worlds[0]).read_bytes() == truth_path(worlds[1]).read_bytes()


def test_truth_lies_beside_the_folder_and_is_refused_inside(tmp_path: Path) -> None:
    target = tmp_path / "world"
    summary = write_world(target, visits=3_000, seed=1)
    assert summary.truth == tmp_path / "world.truth.json"
    assert summary.truth.exists()
    assert not [p for p in target.rglob("*") if "truth" in p.name]
    assert sorted(summary.files) == sorted(p.name for p in target.iterdir())
    with pytest.raises(ValueError, match="may not lie inside"):
        write_world(tmp_path / "b", visits=3_000, seed=1, truth=tmp_path / "b" / "truth.json")
    with pytest.raises(ValueError, match="not empty"):
        write_world(target, visits=3_000, seed=1)


def test_about_as_many_visits_as_asked_and_eight_per_patient(
    world: WorldSummary, db: duckdb.DuckDBPyConnection
) -> None:
    assert world.visits == pytest.approx(VISITS, rel=0.03)
    assert db.execute("SELECT count(*) FROM setl_d").fetchone() == (world.visits,)
    assert 6.0 < world.visits / world.patients < 12.0
    assert world.places >= 60


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("setl_d", "setl_id"),
        ("psn_info_b", "psn_no"),
        ("fixmedins_b", "fixmedins_code"),
        ("prac_psn_b", "prac_psn_code"),
        ("fee_list_d", "feedetl_sn"),
        ("mnl_reim_d", "reim_id"),
        ("pena_d", "doc_no"),
        ("tip_d", "tip_id"),
    ],
)
def test_keys_are_present_and_unique(db: duckdb.DuckDBPyConnection, table: str, key: str) -> None:
    found = db.execute(f"SELECT count(*), count(DISTINCT {key}) FROM {table}").fetchone()
    assert found is not None
    assert found[0] == found[1] > 0


@pytest.mark.parametrize(
    ("child", "column", "parent", "key"),
    [
        ("setl_d", "psn_no", "psn_info_b", "psn_no"),
        ("setl_d", "fixmedins_code", "fixmedins_b", "fixmedins_code"),
        ("setl_d", "atddr_no", "prac_psn_b", "prac_psn_code"),
        ("setl_d", "init_setl_id", "setl_d", "setl_id"),
        ("fee_list_d", "setl_id", "setl_d", "setl_id"),
        ("fee_list_d", "presc_fixmedins_code", "fixmedins_b", "fixmedins_code"),
        ("prac_reg_d", "prac_psn_code", "prac_psn_b", "prac_psn_code"),
        ("prac_reg_d", "fixmedins_code", "fixmedins_b", "fixmedins_code"),
        ("psn_kin_d", "kin_psn_no", "psn_info_b", "psn_no"),
        ("pena_psn_d", "doc_no", "pena_d", "doc_no"),
        ("mnl_reim_d", "psn_no", "psn_info_b", "psn_no"),
        ("out_appy_evt_c", "psn_no", "psn_info_b", "psn_no"),
    ],
)
def test_every_reference_is_known(
    db: duckdb.DuckDBPyConnection, child: str, column: str, parent: str, key: str
) -> None:
    present = db.execute(f"SELECT count({column}) FROM {child}").fetchone()
    assert present is not None
    assert present[0] > 0
    lost = f"SELECT {column} FROM {child} WHERE {column} NOT IN (SELECT {key} FROM {parent})"
    assert db.execute(lost).fetchall() == []


def checked(certno: str) -> bool:
    # The district of an old number may be younger than its holder, so the place is not checked.
    return ric.calc_check_digit(certno) == certno[-1] and ric.get_birth_date(certno).year > 1900


def test_check_digits_and_forms(db: duckdb.DuckDBPyConnection) -> None:
    people = db.execute("SELECT certno, brdy, gend FROM psn_info_b").fetchall()
    assert all(checked(certno) for certno, _, _ in people)
    assert all(c[6:14] == b.replace("-", "") and int(c[16]) % 2 == int(g) % 2 for c, b, g in people)
    staff = db.execute("SELECT certno FROM prac_psn_b UNION SELECT legrep_certno FROM fixmedins_b")
    assert all(checked(certno) for (certno,) in staff.fetchall())
    assert all(uscc.is_valid(u) for (u,) in db.execute("SELECT uscc FROM fixmedins_b").fetchall())
    forms = {
        "SELECT tel FROM psn_info_b": "1[3-9][0-9]{9}",
        "SELECT bankacct FROM psn_info_b": "62[0-9]{17}",
        "SELECT fixmedins_code FROM fixmedins_b": "[HP]1[123][0-9]{4}[0-9]{5}",
        "SELECT prac_psn_code FROM prac_psn_b": "(D|HY|HJ|N)1[123][0-9]{4}[0-9]{6}",
        "SELECT setl_time FROM setl_d": "2025-[01][0-9]-[0-3][0-9] [0-9:]{8}",
        "SELECT medfee_sumamt FROM setl_d": r"-?[0-9]+\.[0-9]{2}",
        "SELECT drug_trac_codg FROM fee_list_d": "8[0-9]{19}(;8[0-9]{19})*",
    }
    for query, form in forms.items():
        column = query.split()[1]
        bad = f"SELECT * FROM ({query}) WHERE NOT regexp_full_match({column}, '{form}')"
        assert db.execute(bad).fetchall() == []


def test_bills_add_up_and_times_are_in_order(db: duckdb.DuckDBPyConnection) -> None:
    wrong = """
        SELECT setl_id FROM setl_d
        WHERE medfee_sumamt::DECIMAL(16, 2) <> fund_pay_sumamt::DECIMAL(16, 2)
              + acct_pay::DECIMAL(16, 2) + acct_mulaid_pay::DECIMAL(16, 2)
              + cash_payamt::DECIMAL(16, 2)
           OR begntime > endtime OR begntime > setl_time
           OR (refd_setl_flag = '0' AND cash_payamt LIKE '-%')
    """
    assert db.execute(wrong).fetchall() == []


def test_refunds_undo_their_row_exactly(db: duckdb.DuckDBPyConnection) -> None:
    pairs = db.execute("""
        SELECT r.medfee_sumamt::DOUBLE + o.medfee_sumamt::DOUBLE,
               r.psn_no = o.psn_no AND r.fixmedins_code = o.fixmedins_code,
               o.refd_setl_flag, r.setl_time > o.setl_time
        FROM setl_d r JOIN setl_d o ON o.setl_id = r.init_setl_id WHERE r.refd_setl_flag = '1'
    """).fetchall()
    assert len(pairs) > 100
    assert all(pair == (0.0, True, "0", True) for pair in pairs)


def test_calendar(db: duckdb.DuckDBPyConnection) -> None:
    def per_day(condition: str) -> float:
        found = db.execute(f"""
            SELECT count(*) / count(DISTINCT setl_time[:10]) FROM setl_d
            WHERE fixmedins_code LIKE 'H%' AND med_type = '11' AND ({condition})
        """).fetchone()
        assert found is not None
        return float(found[0])

    monday = per_day("dayofweek(setl_time[:10]::DATE) = 1")
    sunday = per_day("dayofweek(setl_time[:10]::DATE) = 0")
    assert monday > 1.5 * sunday
    assert per_day("setl_time[:10] BETWEEN '2025-01-28' AND '2025-02-04'") < 0.7 * per_day(
        "setl_time[:10] BETWEEN '2025-03-01' AND '2025-03-31'"
    )
    hours = dict(db.execute("SELECT setl_time[12:13], count(*) FROM setl_d GROUP BY 1").fetchall())
    assert hours["09"] > 1.5 * hours["12"]
    assert hours["15"] > 1.2 * hours["12"]
    assert hours.get("03", 0) < 0.02 * hours["09"]


def test_dirty_rows_are_counted_by_fate(tmp_path: Path) -> None:
    dirt = Dirt(superseded=0.01, repeated=0.005, broken=0.005)
    summary = write_world(
        tmp_path / "w", visits=8_000, seed=2, settings=WorldSettings(dirt=dirt), layout="csv"
    )
    lines = 0
    for path in sorted((tmp_path / "w").glob("setl_d*.csv")):
        lines += len(path.read_text(encoding="utf-8").splitlines()) - 1
    fate = summary.tables["setl_d"]
    assert fate.superseded > 50
    assert fate.broken > 20
    assert lines == fate.rows + fate.superseded + fate.broken


def test_quiet_world_has_look_alikes_but_no_rings(tmp_path: Path) -> None:
    write_world(tmp_path / "w", visits=50_000, seed=5, settings=WorldSettings.quiet())
    truth = read_truth(truth_path(tmp_path / "w"))
    assert truth.rings == ()
    assert {twin.kind for twin in truth.look_alikes} == {kind.value for kind in TWIN_RATES}


def test_only_asked_kinds_are_planted(tmp_path: Path) -> None:
    settings = WorldSettings.easy().only(RingKind.FUNNEL, RingKind.RELAY)
    write_world(tmp_path / "w", visits=50_000, seed=5, settings=settings)
    truth = read_truth(truth_path(tmp_path / "w"))
    assert truth.kinds() == {"funnel", "relay"}
    assert len(truth.rings) == 5
