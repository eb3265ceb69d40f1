"""The chart for Analyst's Notebook, every entity, link, date and attribute of it, read as plain XML."""

from datetime import datetime
from xml.etree import ElementTree

import networkx as nx
from hypothesis import given

from casework.exports import i2
from casework.exports.words import EDGE_WORDS, MUTUAL, NODE_WORDS
from tests.casework.exports.networks import assert_same, contents, decoded
from tests.casework.exports.test_round_trips import ROUNDS, about, written

KINDS = {word: kind for words in (NODE_WORDS, EDGE_WORDS) for kind, word in words.items()}
READ = {
    "AttText": decoded,
    "AttNumber": lambda text: float(text) if set(text) & set(".e") else int(text),
    "AttFlag": lambda text: text == "true",
    "AttTime": datetime.fromisoformat,
}


class Chart:
    """A chart as its XML says."""

    def __init__(self, file):
        self.root = ElementTree.fromstring(file.read_bytes().decode("utf-16"))
        classes = self.root.iter("AttributeClass")
        self.types = {one.get("Name"): one.get("Type") for one in classes}
        self.items = list(self.root.iter("ChartItem"))

    def attributes(self, item):
        return {
            one.get("AttributeClass"): READ[self.types[one.get("AttributeClass")]](one.get("Value"))
            for one in item.iter("Attribute")
        }

    def graph(self):
        found, identities = nx.MultiDiGraph(), {}
        for item in self.items:
            entity = item.find("End/Entity")
            if entity is None:
                continue
            kind = KINDS[entity.find("Icon/IconStyle").get("Type")]
            identities[entity.get("EntityId")] = entity.get("Identity")
            found.add_node(entity.get("Identity"))
            facts = {"kind": kind, "label": decoded(item.get("Label")), **self.attributes(item)}
            found.nodes[entity.get("Identity")].update(facts)
        for item in self.items:
            link = item.find("Link")
            if link is None:
                continue
            kind = KINDS[link.find("LinkStyle").get("Type")]
            ends = (*(identities[link.get(end)] for end in ("End1Id", "End2Id")), kind)
            found.add_edge(*ends)
            found.edges[ends].update({"kind": kind, **self.attributes(item)})
        return found


@ROUNDS
@given(contents())
def test_nothing_is_lost(content):
    with written(i2.write, content) as (file,):
        chart = Chart(file)
    assert_same(content.network.graph, chart.graph())
    said = {p.get("Name"): decoded(p.get("Value")) for p in chart.root.iter("CustomProperty")}
    assert said == about(content)


def test_a_ring_has_dates_arrows_colours_and_places(world, tmp_path):
    chart = Chart(*i2.write(world.content, tmp_path))
    graph = world.content.network.graph
    assert_same(graph, chart.graph())
    assert chart.types["first"] == "AttTime"
    for item in chart.items:
        facts = chart.attributes(item)
        if facts.get("first"):
            assert (item.get("DateSet"), item.get("TimeSet")) == ("true", "true")
            assert datetime.fromisoformat(item.get("DateTime")) == facts["first"]
        link = item.find("Link")
        if link is not None:
            style = link.find("LinkStyle")
            mutual = KINDS[style.get("Type")] in MUTUAL
            assert style.get("ArrowStyle", "ArrowNone") == (
                "ArrowNone" if mutual else "ArrowOnHead"
            )
    kinds = {str(kind) for _, kind in graph.nodes(data="kind")}
    named = {t.get("Name"): t.get("IconFile") for t in chart.root.iter("EntityType")}
    assert {NODE_WORDS[kind]: i2.ICONS[kind] for kind in kinds}.items() <= named.items()
    points = {
        (e.find("Icon/IconStyle") is not None, item.find("End").get("X"), item.find("End").get("Y"))
        for item in chart.items
        if (e := item.find("End/Entity")) is not None
    }
    assert len(points) == len(graph)
