"""What a referral must hold, and its papers: complete, said as suspicion, the same bytes each time."""

import io
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm

from casework import word
from casework.exports.content import RingContent
from casework.referral import State
from casework.referral.amounts import amounts, thresholds
from casework.referral.checklist import Need, checklist, missing
from casework.referral.errors import Unfinished
from casework.referral.fields import Dossier, paper_fields
from casework.referral.package import SOURCE_ROWS, package
from casework.referral.papers import FOLDER, NAMES, Kind, lay_out, preview, template, write
from casework.word import BadTemplate
from graph.answered import Answered
from tests.casework.conftest import NOW
from tests.casework.exports.conftest import DECIDED
from tests.casework.referred import matter, referred_world
from tests.pdf_text import pages

AGAINST = Answered("covisit", "household", "weakens", (("share", "0.4"),))
EXPLAINS = Answered("covisit", "schedule", "explains", (("days", "12"),))
RULED_OUT = Answered("covisit", "crowd", "ruled_out", ())
ROBUST = Answered("covisit", "window_5", "stands", (("observed", "9"), ("expected", "0.1")))
MINIMAL = Answered("covisit", "events", "stands", (("n", "2"), ("numbers", "1 3")))


def with_notes(ring: RingContent) -> RingContent:
    """The ring with notes of every kind."""
    return replace(
        ring, counter=(AGAINST,), explanations=(AGAINST, EXPLAINS, RULED_OUT),
        robustness=(ROBUST,), minimal=(MINIMAL,),
    )  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    made = referred_world(tmp_path_factory.mktemp("referred"))
    made.content = replace(made.content, decided=DECIDED)
    return made


@pytest.fixture(scope="module")
def approved(world):
    return matter(world)


@pytest.fixture(scope="module")
def packed(world, approved):
    return package(approved, world.content, world.workspace)


def dossier_of(world, approved) -> Dossier:
    return Dossier(approved.found, approved.case, world.content, approved.law, NOW.date())


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def said(packed, kind: Kind) -> dict[str, str]:
    """The text of a paper as Word and as PDF, without spaces."""
    document = Document(io.BytesIO(packed.files[f"{NAMES[kind]}.docx"]))
    cells = (c.text for table in document.tables for row in table.rows for c in row.cells)
    text = "".join([*(p.text for p in document.paragraphs), *cells])
    return {"docx": bare(text), "pdf": bare("".join(pages(packed.files[f"{NAMES[kind]}.pdf"])))}


def test_a_whole_referral_lacks_nothing(approved):
    assert approved.found.state is State.APPROVED
    assert missing(checklist(approved)) == ()


@pytest.mark.parametrize(
    ("need", "changes"),
    [
        (Need.OFFICERS, None),
        (Need.HEADING, {"number": " "}),
        (Need.SUSPECTS, {"suspects": ""}),
        (Need.FACTS, {"facts": ""}),
        (Need.CRIME, {"crime": ""}),
        (Need.LAW, {"law": ""}),
        (Need.EVIDENCE, {"rings": ("rg_gone",)}),
        (Need.AMOUNT, {"fund": 1}),
        (Need.AMOUNT, {"fund": None}),
        (Need.ITEMS, {"items": ()}),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_built(world, approved, need, changes):
    draft = approved.found.draft
    changes = changes or {"officers": draft.officers[:1]}
    lacking = replace(approved, found=replace(approved.found, draft=replace(draft, **changes)))
    assert {check.need for check in checklist(lacking) if check.missing} == {need}
    with pytest.raises(Unfinished, match=need) as refused:
        package(lacking, world.content, world.workspace)
    assert len(refused.value.missing) == 1


def test_what_only_the_head_gives_is_missing_before(world):
    open_ = matter(world, decided=False)
    lacking = {check.need for check in checklist(open_) if check.missing}
    assert lacking == {Need.REPORT, Need.APPROVAL}


def test_every_note_against_a_ring_needs_an_answer(approved):
    noted = tuple(map(with_notes, approved.rings))
    (check,) = (c for c in checklist(replace(approved, rings=noted)) if c.missing)
    assert check.need is Need.COUNTER
    assert len(check.missing) == 2 * len(noted)
    assert "household（同一家庭）" in check.missing[0]


def test_source_rows_without_a_file_are_named(approved):
    ring = approved.rings[0]
    lost = replace(ring.findings[0].sources[0], file=None, line=None)
    findings = (replace(ring.findings[0], sources=(lost,)), replace(ring.findings[1], sources=()))
    (check,) = (
        c for c in checklist(replace(approved, rings=(replace(ring, findings=findings),)))
        if c.need is Need.SOURCES
    )  # fmt: skip
    assert len(check.missing) == 2
    assert lost.row in check.missing[1]


def test_money_is_counted_once(world):
    rings = world.content.rings
    twice = amounts((*rings, rings[0]))
    assert twice.total == amounts(rings).total
    assert twice.rings[-1].shared == twice.rings[-1].fund == rings[0].money.fund
    assert sum(r.fund - r.shared for r in twice.rings) == twice.total.fund > 0
    assert sum(twice.total.by_month.values()) == twice.total.fund


def test_the_amounts_of_the_law_say_where_nothing_was_read(approved):
    large, _, greatest = thresholds(approved.law)
    assert (large.least, large.unverified) == (500_000, True)
    assert (greatest.least, greatest.unverified) == (50_000_000, False)


@pytest.mark.parametrize("kind", Kind)
def test_a_paper_says_the_same_in_word_and_as_pdf(packed, approved, kind):
    texts, draft = said(packed, kind), approved.found.draft
    wanted = {
        Kind.LETTER: (
            draft.number, draft.police, draft.suspects, draft.crime, draft.law, draft.facts,
            "负责人li于2026年3月2日批准", "110105002", "国务院令第310号", "二〇二六年三月二日",
        ),
        Kind.REPORT: (
            "一、案件来源", "数额标准（仅供参考", "待核", "批准移送：同意移送", "不等于认定事实",
            "处理：暂停支付资格", "某医保处〔2026〕8号", "审批人李立", "指令：暂停×2", "已回执",
        ),
        Kind.ITEMS: ("门诊处方", "12张", "接收人（签名）"),
        Kind.RECEIPT: (draft.office, "材料收悉", "证据目录"),
        Kind.EVIDENCE: ("团伙线索", "稳健性", "setl_d.csv", approved.rings[1].ring.ring),
        Kind.SETTLEMENTS: ("setl_d:", "扣除退费", "参保人"),
    }[kind]  # fmt: skip
    for text in texts.values():
        for part in (*wanted, NAMES[kind].partition("_")[2]):
            assert bare(part) in text
        assert not re.search(r"\{[{%]|None|骗子|犯罪分子|罪犯|团伙成员作案", text)


def test_each_ring_begins_a_page_and_every_source_row_is_listed(world, packed):
    texts = pages(packed.files[f"{NAMES[Kind.EVIDENCE]}.pdf"])
    starts = [page[:3] for page in texts if "团伙线索" in page[:12]]
    assert starts == ["（1）", "（2）"]
    listed = packed.files[SOURCE_ROWS].decode("utf-8-sig").splitlines()[1:]
    rows = {one.row for ring in world.content.rings for f in ring.findings for one in f.sources}
    assert {line.split(",")[0] for line in listed} == rows
    assert all(re.fullmatch(r"setl_d:\w+,setl_d\S*,\d+,rg_.+", line) for line in listed)


def test_word_tables_stay_within_the_page_and_name_chinese_fonts(packed):
    for kind in Kind:
        document = Document(io.BytesIO(packed.files[f"{NAMES[kind]}.docx"]))
        for table in document.tables:
            assert sum(cell.width for cell in table.rows[0].cells) <= Cm(15.61)
            assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        for paragraph in document.paragraphs:
            fonts = [run._element.rPr.rFonts for run in paragraph.runs if run.text.strip()]
            assert all(font.get(qn("w:eastAsia")) for font in fonts)


def test_the_same_record_gives_the_same_bytes(world, approved, packed):
    assert package(approved, world.content, world.workspace) == packed
    papers = {f"{name}.{suffix}" for name in NAMES.values() for suffix in ("docx", "pdf")}
    assert set(packed.files) >= {*papers, SOURCE_ROWS}
    assert any(name.startswith("network/") for name in packed.files)


def test_notes_of_the_scan_stand_on_a_rings_page(world, approved):
    content = replace(world.content, rings=tuple(map(with_notes, world.content.rings)))
    dossier = replace(dossier_of(world, approved), content=content)
    first = paper_fields(dossier)["rings"][0]
    assert [row["name"] for row in first["against"]] == ["同一家庭", "固定疗程或排班"]
    assert first["explanations"][2]["outcome"] == "不能解释"
    assert first["robustness"][0]["expected"] == "0.1"
    assert "第1、3次（共2次）" in first["minimal"]
    (page, *_) = preview(dossier, Kind.ITEMS)
    assert page.startswith(b"\x89PNG")


def test_an_office_edits_its_templates_and_a_wrong_one_is_refused(world, approved, tmp_path):
    written = lay_out(tmp_path)
    assert [file.stem for file in written] == list(Kind)
    assert lay_out(tmp_path) == ()
    known = frozenset(paper_fields(dossier_of(world, approved)))
    for kind in Kind:
        ours = (tmp_path / FOLDER / f"{kind}.docx").read_bytes()
        assert template(kind, tmp_path, known) == ours == template(kind, world.workspace, known)
    file = tmp_path / FOLDER / "items.docx"
    edited = Document(file)
    edited.add_paragraph("本局自有格式{{ office }}")
    edited.save(file)
    content = write(dossier_of(world, approved), tmp_path, NOW).files[f"{NAMES[Kind.ITEMS]}.docx"]
    assert Document(io.BytesIO(content)).paragraphs[-1].text == "本局自有格式某区医疗保障局"
    edited.add_paragraph("{{ guilty }}")
    edited.save(file)
    with pytest.raises(BadTemplate, match="guilty"):
        template(Kind.ITEMS, tmp_path, known)
    file.write_bytes(word.built(word.Layout("单", (word.Text("{{ office }}"),))))
    with pytest.raises(BadTemplate, match="leaves out items"):
        template(Kind.ITEMS, tmp_path, known)


def test_a_name_that_no_font_draws_stands_by_its_number_and_is_in_the_record(world, approved):
    people = {id_: dict(held, name="王\ue123") for id_, held in world.content.identities.items()}
    content = replace(world.content, identities=people)
    made = package(approved, content, world.workspace)
    assert made.warnings == ("\ue123",)
    assert made.provenance["characters_without_glyph"] == "U+E123"
    named = SimpleNamespace(files=made.files)
    assert "王〔U+E123〕" in said(named, Kind.EVIDENCE)["pdf"]
