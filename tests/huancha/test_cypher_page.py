"""docs/cypher.md: each of its queries runs on a real server and answers what the tables say."""

import json
import math
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from graph.model import EdgeKind, NodeKind
from graph.results import latest_scan
from graph.snapshot import current_snapshot
from graph.store.embedded import EmbeddedStore
from graph.store.neo4j_load import load_graph
from graph.store.neo4j_store import Neo4jStore
from tests.graph.conftest import emptied
from tests.huancha.cypher_answers import ANSWERS, plant, tables

pytestmark = pytest.mark.neo4j

PAGE = (Path(__file__).parents[2] / "docs" / "cypher.md").read_text("utf-8")
QUESTION = re.compile(
    r"^## (\d+)\. (.+?)\n(.+?)\n\n```cypher\n(.+?)```\n(.+?)(?=^## |\Z)", re.M | re.S
)
CASE = "C-2025-0001"
WALKED = (EdgeKind.VISITED, EdgeKind.TREATED_BY, EdgeKind.HOLDS, EdgeKind.KIN_OF)


@dataclass(frozen=True)
class Question:
    """One question of the page; `given` are the parameters it names a value for."""

    chinese: str
    english: str
    query: str
    explained: str

    @property
    def given(self) -> dict[str, Any]:
        return {n: json.loads(v) for n, v in re.findall(r"`\$(\w+) = ([^`]+)`", self.english)}

    @property
    def asked(self) -> set[str]:
        return set(re.findall(r"`\$(\w+)", self.english))


QUESTIONS = {int(no): Question(*rest) for no, *rest in QUESTION.findall(PAGE)}


@dataclass(frozen=True)
class Desk:
    """A server that holds the office and its scan, and the same office in tables."""

    store: Neo4jStore
    embedded: EmbeddedStore
    tables: Any
    chosen: dict[str, str]

    def ask(self, number, **more):
        question = QUESTIONS[number]
        values = {name: self.chosen[name] for name in question.asked & self.chosen.keys()}
        values |= question.given | more
        assert set(values) == question.asked
        assert set(re.findall(r"\$(\w+)", question.query)) == question.asked
        rows = self.store.connection.read(lambda tx: tx.rows(question.query, **values))
        return rows, values


@pytest.fixture(scope="module")
def desk(neo4j_server, office, tmp_path_factory):
    """The office of these tests on the server, one of its registrations suspended in a case."""
    workspace = tmp_path_factory.mktemp("cypher") / "workspace"
    shutil.copytree(office.workspace, workspace)
    plant(workspace)
    snapshot, scan = current_snapshot(workspace), latest_scan(workspace)
    server = emptied(neo4j_server)
    load_graph(snapshot, server)
    store = Neo4jStore(workspace, server)
    store.writer().rings(scan)
    plain = tables(snapshot, scan, [])
    busiest = """
        SELECT practitioner, min(place) FROM registered WHERE state = '正常'
        GROUP BY practitioner ORDER BY count(*) DESC, practitioner LIMIT 1
    """
    [(practitioner, place)] = plain.execute(busiest).fetchall()
    with store.writer() as writer:
        writer.registrations({(practitioner, place): "暂停"}, CASE)
    decided = [(practitioner, place, "暂停", CASE)]
    ring = scan.rings(1).items[0].ring
    chosen = {"ring": ring, "practitioner": practitioner}
    yield Desk(store, EmbeddedStore(workspace), tables(snapshot, scan, decided), chosen)
    store.close()


def same(one, other):
    """Equal, but for the last digits of a float and the kind of a sequence."""
    if isinstance(one, float) or isinstance(other, float):
        return math.isclose(one, float(other), rel_tol=1e-6, abs_tol=1.01e-4)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


def test_the_page_has_twenty_questions_in_both_languages_that_say_when_they_mislead():
    assert list(QUESTIONS) == list(range(1, 21))
    questions = PAGE.split("\n## Graph Data Science")[0]
    assert questions.count("```cypher\n") == len(QUESTIONS)
    for question in QUESTIONS.values():
        assert re.search(r"[\u4e00-\u9fff].*？$", question.chinese)
        assert re.match(r"[A-Z][^\u4e00-\u9fff]+\?", question.english)
        meaning, misleads = question.explained.split("**误判 Misleads.**")
        assert meaning.strip().startswith("**含义 Meaning.**")
        assert len(misleads.strip()) > 40
        writes = r"\b(CREATE|MERGE|SET|DELETE|REMOVE|DROP|LOAD)\b"
        assert not re.search(writes, question.query)


@pytest.mark.parametrize("number", ANSWERS)
def test_the_answer_is_that_of_the_tables(desk, number):
    rows, values = desk.ask(number)
    expected = desk.tables.execute(ANSWERS[number], values or None).fetchall()
    assert expected, "the office has nothing of it"
    assert len(rows) == len(expected)
    for row, wanted in zip(rows, expected, strict=True):
        assert same(row, wanted), (row, wanted)


def test_the_shortest_tie_is_that_of_the_embedded_store(desk):
    view = desk.embedded.view()
    rings = [ring.ring for ring in latest_scan(desk.embedded.workspace).rings(6)]
    members = [
        sorted(
            edge.source
            for edge in view.neighbours([ring], [EdgeKind.MEMBER_OF], 1000)
            if NodeKind.of(edge.source) is NodeKind.PATIENT
        )
        for ring in rings
    ]
    hub, lengths = QUESTIONS[18].given["hub"], set()
    ends = [(members[0][0], members[0][1]), *((m[-1], members[0][0]) for m in members[1:])]
    for one, other in [pair for pair in ends if len(set(pair)) == 2]:
        rows, _ = desk.ask(18, a=one, b=other)
        ways = view.paths(one, other, 6, kinds=WALKED, hub=hub, limit=10)
        assert [tuple(ids) for (ids,) in rows] == [way.nodes for way in ways]
        lengths |= {way.hops for way in ways}
    assert len(lengths) > 1
