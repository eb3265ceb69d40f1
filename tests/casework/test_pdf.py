"""Papers as PDF: complete, every glyph there, fonts inside, the same bytes each time."""

import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from casework import pdf
from casework.layout import Each, Grid, Layout, Lines, Paper, Style, Text
from casework.word import printed
from tests.pdf_text import pages

ROOT = Path(__file__).parents[2]
MADE = datetime(2026, 3, 2, 9, 30, 1, 234567)
LAYOUT = Layout(
    "案件调查报告",
    (
        Text("京医保移〔2026〕3号", Style.CENTRE),
        Text("{{ police }}：", Style.PLAIN),
        Text("{{ facts }}"),
        Grid("things", ("序号", "记录号"), ("{{ row.no }}", "{{ row.id }}"), (1, 4)),
        Each("rings", "ring", (Text("团伙线索{{ ring.name }}", Style.PAGE),)),
        Text("某市医疗保障局", Style.RIGHT),
    ),
)
FACTS = '涉嫌 “虚构” "x" \\ #set $1$ *不粗* _b_ <img> @y //z ≥≤→①□μ\n第二行'
LONG = "setl_d" + "1234567890" * 12


@pytest.fixture(scope="module", autouse=True)
def fonts() -> None:
    """The fonts that `make env` lays, laid here where this copy has none."""
    if not pdf.FOLDER.exists():
        subprocess.run(["bash", "tools/make_fonts.sh", sys.prefix], cwd=ROOT, check=True)
    assert pdf.FOLDER.exists(), "run: make env"


def paper(facts: str = FACTS, things: int = 80) -> Paper:
    lines = [{"no": no, "id": LONG} for no in range(1, things + 1)]
    rings = [{"name": name} for name in "甲乙"]
    return printed(
        LAYOUT, {"police": "某市公安局", "facts": facts, "things": lines, "rings": rings}
    )


def test_a_pdf_says_all_of_the_paper_and_the_same_bytes_each_time():
    made = pdf.typeset(paper(), MADE)
    assert made.missing == ()
    assert pdf.typeset(paper(), MADE).content == made.content
    assert pdf.typeset(paper(), MADE.replace(hour=10)).content != made.content
    text = pages(made.content)
    bare = re.sub(r"\s", "", "".join(text))
    for part in ("案件调查报告", "京医保移〔2026〕3号", "某市公安局：", FACTS, "某市医疗保障局"):
        assert re.sub(r"\s", "", part) in bare
    assert bare.count(LONG) == 80
    assert text[-2].startswith("团伙线索甲")
    assert text[-1].startswith("团伙线索乙")
    assert all(f"—{no}—" in re.sub(r"\s", "", page) for no, page in enumerate(text, 1))
    tables = [page for page in text if LONG[:8] in page]
    assert len(tables) > 2
    assert all("序号" in page and "记录号" in page for page in tables)


def test_only_the_laid_fonts_are_inside_where_they_have_every_character():
    names = set(re.findall(rb"/BaseFont/\w{6}\+([\w-]+)", pdf.typeset(paper("涉嫌"), MADE).content))
    assert {name.partition(b"-")[0] for name in names} == {b"HuanchaSerifSC", b"HuanchaSansSC"}


def test_characters_that_no_font_has_are_named_in_the_pdf_and_beside_it():
    made = pdf.typeset(paper("王\ue001某\U0010ff00\U0001d800", 1), MADE)
    assert made.missing == ("\ue001", "\U0001d800", "\U0010ff00")
    assert "王〔U+E001〕某〔U+10FF00〕〔U+1D800〕" in pages(made.content)[0]


def test_a_machine_without_fonts_is_told_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "FOLDER", tmp_path / "none")
    monkeypatch.setattr(pdf, "_fonts", lambda _: pdf.typst.Fonts(include_system_fonts=False))
    with pytest.raises(pdf.NoFonts, match="make env") as refused:
        pdf.typeset(paper(), MADE)
    assert refused.value.folder == tmp_path / "none"


def test_a_table_without_lines_and_pictures_of_the_pages():
    empty = Paper("涉案物品清单", (Lines(("序号", "名称"), (), (1, 4)), Text("无", Style.SMALL)))
    assert "名称" in pages(pdf.typeset(empty, MADE).content)[0]
    (picture,) = pdf.pictures(empty)
    assert picture.startswith(b"\x89PNG")
