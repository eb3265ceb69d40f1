"""The picture holds every node and edge and says how much of how much it shows; as PNG it has Chinese glyphs."""

import io
from dataclasses import replace
from xml.etree import ElementTree

from hypothesis import given
from PIL import Image

from casework import pdf
from casework.exports import picture
from casework.exports.content import Content
from casework.exports.words import EDGE_WORDS, NODE_WORDS
from tests.casework.exports.networks import contents
from tests.casework.exports.test_round_trips import ROUNDS

SVG = "{http://www.w3.org/2000/svg}"


@ROUNDS
@given(contents())
def test_every_node_and_edge_is_drawn(content):
    drawn = ElementTree.fromstring(ElementTree.tostring(picture.picture(content.network)))
    titles = sorted(title.text or "" for title in drawn.iter(f"{SVG}title"))[0:]
    graph = content.network.graph
    nodes = [f"{NODE_WORDS[facts['kind']]} {node}" for node, facts in graph.nodes(data=True)]
    edges = [
        f"{EDGE_WORDS[facts['kind']]} {facts['weight']}" for *_, facts in graph.edges(data=True)
    ]
    heading = drawn.find(f"{SVG}title").text or ""
    assert titles == sorted([*nodes, *edges, heading])
    texts = [text.text or "" for text in drawn.iter(f"{SVG}text")]
    assert any(f"{len(graph)} of {content.network.total}" in text for text in texts)


def test_the_drawing_lies_within_the_picture(world, tmp_path):
    svg, png = picture.write(world.content, tmp_path)
    drawn = ElementTree.parse(svg).getroot()
    width, height = float(drawn.get("width")), float(drawn.get("height"))
    for node in drawn.findall(f"{SVG}g")[1]:
        x, y = map(float, node.get("transform")[10:-1].split())
        assert 40 < x < width - 40
        assert 40 < y < height - 40
    with Image.open(png) as image:
        assert max(image.size) == round(picture.PIXELS)
        colours = image.convert("RGB").getcolors(10**6)
        assert len(colours) > 50
    cut = replace(world.content.network, total=99)
    files = picture.write(Content(cut), tmp_path)
    assert f"{len(cut.graph)} of 99" in files[0].read_text("utf-8")


def test_chinese_is_drawn_as_itself():
    def drawn(sign):
        text = f'<text x="5" y="40" font-size="40" font-family="{picture.FONTS}">{sign}</text>'
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60">{text}</svg>'
        with Image.open(io.BytesIO(pdf.raster(svg, 60.0, 2.0))) as image:
            return image.convert("L").tobytes()

    signs = [drawn(sign) for sign in "医保基金"]
    assert len(set(signs)) == len(signs)
    assert all(min(sign) < 100 for sign in signs)
