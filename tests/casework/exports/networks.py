"""Random networks with everything a property may hold, and how a file's values are read back."""

import json
import re
from datetime import date, datetime

import networkx as nx
from hypothesis import strategies as st

from casework.exports.content import Content, Decided, Decision, DecisionKind, Hand, Network
from graph.model import EdgeKind, NodeKind

TRICKY = (
    "", " ", "=1+1", "@SUM(A1)", "-2", "+3", "\t=1", "\\null", '\\"', "[]", '["a", "b"]', "[1]", "2026-03-02",
    "2026-03-02T09:30:00", "2026-99-99", "null", "true", "12", "1e5", "NaN", "张三", "𠮷野家", "🧑‍⚕️", 'a"b\'c`d',
    "a\nb", "a\r\nb", " leading", "trailing\n", "<b>&amp;]]>", "\x00", "\x0b", "\x1b", "\ufffe", "\u2028", "a;b,c",
    "长" * 33_000, "_x0041_", "{x}", "${x}", "\\u0041", "'",
)  # fmt: skip
characters = st.characters(exclude_categories=["Cs"])
texts = st.one_of(st.sampled_from(TRICKY), st.text(characters, max_size=12))
moments = st.datetimes(datetime(1900, 3, 1), datetime(2100, 1, 1))
values = st.one_of(
    texts,
    st.integers(-(2**63), 2**63 - 1),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False),
    st.booleans(),
    st.dates(date(1900, 3, 1), date(2100, 1, 1)),
    moments,
    moments.map(lambda moment: moment.replace(microsecond=0)),
    st.none(),
    st.lists(texts, max_size=3).map(tuple),
)
NAMES = (
    "first",
    "last",
    "from",
    "to",
    "fund",
    "start",
    "end",
    "id",
    "source",
    "target",
    "name",
    "备注",
    "viz",
    "parents",
    "for",
    "label2",
)
properties = st.dictionaries(st.sampled_from(NAMES), values, max_size=4)
IDS = tuple(f"{prefix}_{n}" for prefix in ("pt", "pr", "fa", "ph", "tk", "rg") for n in range(2))


@st.composite
def contents(draw):
    """Content with a network of up to eight nodes, edges of several kinds between the same two."""
    graph = nx.MultiDiGraph()
    for id_ in draw(st.lists(st.sampled_from(IDS), max_size=8, unique=True)):
        kind = NodeKind.of(id_)
        graph.add_node(id_, **{**draw(properties), "kind": kind, "label": draw(texts)})
    if graph:
        ends = st.sampled_from(sorted(graph))
        kinds = st.sampled_from(list(EdgeKind))
        links = st.tuples(ends, ends, kinds).filter(lambda link: link[0] != link[1])
        for a, b, kind in draw(st.lists(links, max_size=10, unique=True)) if len(graph) > 1 else ():
            weight = draw(st.integers(0, 10**6))
            graph.add_edge(a, b, key=kind, **{**draw(properties), "kind": kind, "weight": weight})
    total = len(graph) + draw(st.integers(0, 3))
    return Content(Network(graph, draw(texts), total, {"snapshot": draw(texts), "seed": "1"}))


days = st.dates(date(1900, 3, 1), date(2100, 1, 1))
decisions = st.builds(
    Decision,
    st.just(DecisionKind.SANCTION),
    st.none() | st.sampled_from(IDS),
    st.sampled_from(("suspension", "termination")),
    st.sampled_from(("running", "lifted")),
    days,
    st.none() | st.integers(0, 10**6),
    st.none() | days,
    st.none() | days,
    st.lists(
        st.builds(Hand, st.sampled_from(("investigator", "approver")), st.none() | texts),
        max_size=2,
    ).map(tuple),
    st.lists(texts, max_size=2).map(tuple),
    st.none() | texts,
)
decided_cases = st.builds(
    Decided, texts, st.just("closed"), st.sampled_from(("confirmed", None)), moments,
    st.lists(decisions, max_size=3).map(tuple),
)  # fmt: skip


def same(a, b):
    """Whether two values are the same in type too; whole numbers and floats are told apart."""
    return type(plain(a)) is type(plain(b)) and plain(a) == plain(b)


def plain(value):
    return str(value) if isinstance(value, str) else value


def decoded(value):
    """A value out of a file, by what `docs/exports.md` says and nothing else."""
    if not isinstance(value, str):
        return value
    if value.startswith("\\"):
        return json.loads(value[1:])
    if value.startswith("["):
        try:
            items = json.loads(value)
        except ValueError:
            return value
        return tuple(items) if all(isinstance(item, str) for item in items) else value
    form = re.fullmatch(r"(\d{4}-\d\d-\d\d)(T.*)?", value)
    if form:
        try:
            return datetime.fromisoformat(value) if form[2] else date.fromisoformat(value)
        except ValueError:
            return value
    return value


def stripped(name):
    """A property's name without the mark it has where a format keeps the name to itself."""
    return name.removeprefix("\\")


def assert_same(graph, found):
    """`found` holds the nodes and edges of `graph` with all their properties, and nothing else."""
    assert set(found) == set(graph)
    for id_, expected in graph.nodes(data=True):
        assert_equal(expected, found.nodes[id_])
    there = {(a, b, str(k)): p for a, b, k, p in found.edges(keys=True, data=True)}
    expected = {(a, b, str(k)): p for a, b, k, p in graph.edges(keys=True, data=True)}
    assert there.keys() == expected.keys()
    for key, values in expected.items():
        assert_equal(values, there[key])


def assert_equal(expected, found):
    assert {n: plain(v) for n, v in found.items()} == {n: plain(v) for n, v in expected.items()}
    assert all(same(value, found[name]) for name, value in expected.items())
