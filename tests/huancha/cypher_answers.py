"""The answers to docs/cypher.md worked out from the tables and the scan, without a graph."""

from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from graph.results import Scan, latest_scan
from graph.snapshot import Snapshot, current_snapshot

VIEWS = """
CREATE VIEW visit AS SELECT patient, place, practitioner, net_fund,
    coalesce(begntime, setl_time) AS seen FROM setl_d WHERE counts AND patient IS NOT NULL;
CREATE VIEW visited AS SELECT p.id AS patient, p.die_date, f.id AS place, f.code, f.admdvs,
    f.name, count(*) AS visits, sum(net_fund) AS fund, min(seen) AS first, max(seen) AS last
    FROM visit JOIN patients p USING (patient) JOIN places f USING (place) GROUP BY ALL;
CREATE VIEW treated AS SELECT p.id AS patient, d.id AS practitioner, d.profession,
    count(*) AS visits, max(seen) AS last
    FROM visit JOIN patients p USING (patient) JOIN practitioners d USING (practitioner)
    GROUP BY ALL;
CREATE VIEW registered AS SELECT d.id AS practitioner, d.profession, d.multi_site, f.id AS place,
    f.code, f.name, f.admdvs, last(r.reg_stas ORDER BY r.begntime NULLS FIRST, r.src, r.line) AS state,
    bool_or(r.main) AS main, min(r.begntime) AS since,
    CASE WHEN count(r.endtime) = count(*) THEN max(r.endtime) END AS until
    FROM prac_reg_d r JOIN practitioners d USING (practitioner) JOIN places f USING (place)
    GROUP BY ALL;
CREATE VIEW held AS SELECT DISTINCT holder, kind, token, what FROM (
    SELECT p.id AS holder, 'patient' AS kind, token FROM holds JOIN patients p ON p.patient = owner
        WHERE owner_kind = 'patient'
    UNION ALL SELECT p.id, 'patient', token FROM holds JOIN mnl_reim_d ON reim = owner
        JOIN patients p USING (patient) WHERE owner_kind = 'receipt'
    UNION ALL SELECT p.id, 'patient', token FROM holds JOIN out_appy_evt_c ON filing = owner
        JOIN patients p USING (patient) WHERE owner_kind = 'filing'
    UNION ALL SELECT d.id, 'practitioner', token FROM holds
        JOIN practitioners d ON practitioner = owner WHERE owner_kind = 'practitioner'
    UNION ALL SELECT f.id, f.kind, token FROM holds JOIN places f ON place = owner
        WHERE owner_kind IN ('facility', 'pharmacy')
) JOIN (SELECT token, kind AS what FROM tokens) USING (token);
CREATE VIEW owned AS SELECT holder, held.kind, t.id AS token, what
    FROM held JOIN tokens t USING (token);
CREATE VIEW kin AS SELECT DISTINCT a.id AS a, b.id AS b FROM psn_kin_d k
    JOIN patients a ON a.patient = k.patient JOIN patients b ON b.patient = k.kin WHERE a.id <> b.id;
CREATE VIEW either AS SELECT a, b FROM kin UNION SELECT b, a FROM kin;
CREATE VIEW written AS SELECT d.id AS practitioner, f.id AS shop,
    count(DISTINCT coalesce(l.rxno, l.setl_id, l.feedetl_sn)) AS n, sum(l.amount) AS fen
    FROM fee_list_d l JOIN practitioners d USING (practitioner) JOIN places f USING (place)
    WHERE l.rx_circ AND f.kind = 'pharmacy' GROUP BY ALL;
CREATE VIEW pair AS SELECT a.id AS a, b.id AS b, observed, expected, p, places
    FROM pairs JOIN patients a ON a.patient = pairs.a JOIN patients b ON b.patient = pairs.b;
CREATE VIEW suspect AS SELECT DISTINCT id FROM members WHERE kind = 'patient';
"""

_DECIDED = """
    SELECT r.*, d.state AS decided, d.case_id FROM registered r
    LEFT JOIN decided d USING (practitioner, place)
"""

ANSWERS = {
    1: """SELECT ring, grade, motifs, patients, recoverable / 100.0, sentence_zh FROM rings
        ORDER BY grade, recoverable DESC, ring LIMIT 20""",
    2: """SELECT kind, id, first(role ORDER BY core DESC, role), bool_or(core) AS core, max(visits),
        max(fund) / 100.0 FROM members WHERE ring = $ring GROUP BY kind, id
        ORDER BY core DESC, kind, id""",
    3: """SELECT id, kind, list_sort(list(DISTINCT ring)) AS rings FROM members
        WHERE kind IN ('patient', 'practitioner') GROUP BY id, kind HAVING len(rings) >= $least
        ORDER BY len(rings) DESC, id""",
    4: """SELECT name, code, count(s.id) AS members, count(*) AS everyone,
        round(count(s.id) / count(*), 4), sum(visits) FILTER (s.id IS NOT NULL),
        sum(fund) FILTER (s.id IS NOT NULL) / 100.0
        FROM visited LEFT JOIN suspect s ON s.id = patient GROUP BY name, code
        HAVING members > 0 ORDER BY members DESC, code LIMIT 20""",
    5: """SELECT practitioner, profession, count(s.id) AS members, count(*) AS everyone,
        round(count(s.id) / count(*), 4) AS share, sum(visits) FILTER (s.id IS NOT NULL)
        FROM treated LEFT JOIN suspect s ON s.id = patient GROUP BY practitioner, profession
        HAVING members >= $least ORDER BY share DESC, members DESC, practitioner LIMIT 20""",
    6: """SELECT a, b, observed, round(expected, 4), p, places FROM pair WHERE p <= $p
        ORDER BY p, a, b LIMIT 50""",
    7: """SELECT a, b, observed, p FROM pair ANTI JOIN either USING (a, b) WHERE p <= $p
        AND NOT EXISTS (FROM owned x JOIN owned y USING (token) WHERE x.holder = a AND y.holder = b)
        ORDER BY p, a, b LIMIT 50""",
    8: """SELECT token, count(*) FILTER (kind = 'patient') AS people,
        count(*) FILTER (kind = 'practitioner'), count(*) FILTER (kind IN ('facility', 'pharmacy'))
        FROM owned WHERE what = 'phone' GROUP BY token HAVING people >= $least
        ORDER BY people DESC, token LIMIT 20""",
    9: """SELECT token, count(*) AS people, count(*) FILTER (NOT EXISTS (
            FROM either JOIN owned y ON y.holder = b WHERE a = o.holder AND y.token = o.token
        )) AS strangers FROM owned o WHERE what = 'account' AND kind = 'patient' GROUP BY token
        HAVING people >= 2 AND strangers >= $least
        ORDER BY strangers DESC, people DESC, token LIMIT 20""",
    10: """SELECT what, token, o.kind, o.holder, count(*) AS patients
        FROM owned o JOIN owned p USING (token, what)
        WHERE o.kind <> 'patient' AND p.kind = 'patient'
          AND what IN ('phone', 'account', 'address', 'certno')
        GROUP BY ALL ORDER BY patients DESC, token, o.holder LIMIT 20""",
    11: """SELECT f.code AS one, g.code AS other, list_sort(list(DISTINCT what)) AS kinds,
        f.parent IS NOT NULL AND g.parent IS NOT NULL AND f.parent = g.parent
        FROM owned x JOIN owned y USING (token, what) JOIN places f ON f.id = x.holder
        JOIN places g ON g.id = y.holder
        WHERE x.kind IN ('facility', 'pharmacy') AND y.kind IN ('facility', 'pharmacy') AND f.id < g.id
        GROUP BY f.id, g.id, f.code, g.code, f.parent, g.parent
        ORDER BY len(kinds) DESC, one, other LIMIT 50""",
    12: f"""SELECT code, name, admdvs, state, main, since, until, decided, case_id FROM ({_DECIDED})
        WHERE practitioner = $practitioner ORDER BY code""",
    13: """SELECT practitioner, profession, multi_site, count(*) AS places,
        count(DISTINCT left(admdvs, 4)) AS cities, count(*) FILTER (main) FROM registered
        GROUP BY practitioner, profession, multi_site HAVING places >= $least
        ORDER BY cities DESC, places DESC, practitioner""",
    14: """SELECT practitioner, arg_max(shop, n * 1000 - rank), max(n) AS top, sum(n) AS written,
        round(max(n) / sum(n), 4) AS share, arg_max(fen, n * 1000 - rank) / 100.0
        FROM (SELECT *, row_number() OVER (PARTITION BY practitioner ORDER BY shop) AS rank
              FROM written)
        GROUP BY practitioner HAVING sum(n) >= $least AND max(n) >= $share * sum(n)
        ORDER BY share DESC, written DESC, practitioner LIMIT 20""",
    15: """SELECT patient, die_date, code, last, visits FROM visited WHERE last::DATE > die_date
        ORDER BY last DESC, patient, code LIMIT 50""",
    16: f"""WITH r AS ({_DECIDED})
        SELECT a.practitioner, a.code, coalesce(a.decided, a.state) AS state, a.case_id, b.code
        FROM r a JOIN r b ON a.practitioner = b.practitioner AND a.place <> b.place
        WHERE coalesce(a.decided, a.state) IN ('暂停', '终止') AND b.state = '正常'
          AND b.decided IS NULL ORDER BY a.practitioner, a.code, b.code""",
    17: """SELECT r.practitioner, r.code, state, until, count(*) AS patients, max(t.last)
        FROM registered r JOIN treated t USING (practitioner)
        JOIN visited v ON v.patient = t.patient AND v.place = r.place
        WHERE state IN ('暂停', '终止') AND t.last > until AND v.last > until
        GROUP BY r.practitioner, r.code, state, until
        ORDER BY patients DESC, r.practitioner, r.code""",
    19: """SELECT v.patient, v.code AS one, w.code AS other, v.visits, w.visits
        FROM visited v JOIN visited w USING (patient)
        WHERE left(v.admdvs, 4) < left(w.admdvs, 4) AND
            (v.first::DATE IN (w.first::DATE, w.last::DATE)
             OR v.last::DATE IN (w.first::DATE, w.last::DATE))
        ORDER BY v.patient, one, other LIMIT 50""",
    20: """SELECT state, grade, count(*), sum(patients), sum(recoverable) / 100.0 FROM rings
        GROUP BY state, grade ORDER BY state, grade""",
}
"""Question number to SQL with the parameters of the page; the 18th is answered by the embedded store."""


def plant(workspace: Path) -> None:
    """Change a copied office so that every question has an answer: a busy doctor's registration ended in
    May, three strangers' accounts made one, a member of the first ring put into the second too.
    """
    snapshot, scan = current_snapshot(workspace), latest_scan(workspace)
    plain = tables(snapshot, scan, [])
    busiest = """SELECT practitioner, place FROM visit JOIN prac_reg_d USING (practitioner, place)
        GROUP BY ALL ORDER BY count(DISTINCT patient) DESC, practitioner LIMIT 1"""
    [(practitioner, place)] = plain.execute(busiest).fetchall()
    ended = f"""SELECT * REPLACE (
        CASE WHEN practitioner = {practitioner} AND place = {place} THEN '终止' ELSE reg_stas END
            AS reg_stas,
        CASE WHEN practitioner = {practitioner} AND place = {place}
            THEN TIMESTAMP '2025-05-01' ELSE endtime END AS endtime) FROM {{}}"""
    account = "SELECT min(token) FROM tokens WHERE kind = 'account'"
    joined = f"""SELECT * REPLACE (
        CASE WHEN owner_kind = 'patient' AND field = 'bankacct' AND owner < 3 THEN ({account})
            ELSE token END AS token) FROM {{}}"""
    one, other = (ring.ring for ring in scan.rings(2))
    twice = f"""SELECT * FROM {{}} UNION ALL (SELECT * REPLACE ('{other}' AS ring) FROM members
        WHERE ring = '{one}' AND kind = 'patient' ORDER BY id LIMIT 1)"""
    for sql, files in (
        (ended, snapshot.files("prac_reg_d")),
        (joined, snapshot.files("holds")),
        (twice, [scan.file("members")]),
    ):
        for file in files:
            changed = plain.sql(sql.format(f"read_parquet('{file}')")).to_arrow_table()
            pq.write_table(changed.cast(pq.read_schema(file)), file)


def tables(
    snapshot: Snapshot, scan: Scan, decided: list[tuple[str, str, str, str]]
) -> duckdb.DuckDBPyConnection:
    """The tables and views; `decided` holds (practitioner, place, state, case)."""
    connection = duckdb.connect()
    for name in snapshot.tables:
        files = [str(file) for file in snapshot.files(name)]
        connection.execute(f"CREATE VIEW {name} AS FROM read_parquet({files})")
    for name in ("pairs", "rings", "members"):
        connection.execute(f"CREATE VIEW {name} AS FROM '{Path(scan.file(name))}'")
    connection.execute(VIEWS)
    connection.execute(
        "CREATE TABLE decided (practitioner VARCHAR, place VARCHAR, state VARCHAR, case_id VARCHAR)"
    )
    for row in decided:
        connection.execute("INSERT INTO decided VALUES (?, ?, ?, ?)", row)
    return connection
