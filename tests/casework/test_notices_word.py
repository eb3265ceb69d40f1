"""Notices as Word files, read back: every field filled, dates and names as they are written in Chinese."""

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from casework import audit, sanctions
from casework.errors import NoReason, NotAllowed
from casework.law import law_on
from casework.layout import Layout, Text
from casework.notices import About, Kind
from casework.notices.fields import Heading, han, marked, masked, plain
from casework.notices.templates import FOLDER, default, lay_out
from casework.notices.writing import write
from casework.word import BadTemplate, built
from tests.casework.conftest import NOW
from tests.casework.decided import ACT, TODAY, punished, score

HEADING = Heading("某市医疗保障局", "京医保处〔2026〕8号", "唐先生 & <子>", date(2026, 3, 12))


@pytest.fixture
def place(tmp_path):
    """What is written does not depend on the database: SQLite alone."""
    return tmp_path, None


@pytest.fixture
def about(act, chen, li):
    return act(punished, chen, li)


@pytest.fixture
def written(act, chen, tmp_path):
    """The paragraphs of a notice."""

    def writing(kind, about, heading=HEADING):
        return paragraphs(act(write, chen, kind, about, heading, tmp_path, NOW))

    return writing


def paragraphs(content):
    return [one.text for one in Document(io.BytesIO(content)).paragraphs]


def test_a_notice_of_points_says_all_there_is_to_say(store, written, about):
    title, number, to, facts, matter, objection, office, day = written(Kind.DECISION, about[0])
    assert (title, number, to) == ("医疗保障处理通知书", HEADING.number, "唐先生 & <子>：")
    assert "冒名结算（京医保罚〔2026〕1号（2026年2月2日作出），主要责任）" in facts
    assert "依据医保发〔2024〕23号（待核）" in matter
    assert "在2026自然年度记9分" in matter
    assert "10个工作日内（省级征求意见稿（待核））" in objection
    assert (office, day) == ("某市医疗保障局", "2026年3月2日")
    (told,) = audit.entries(store, action="notice.write").entries
    assert told.facts["kind"] == "decision"


def test_every_kind_is_filled_without_a_field_left(written, act, chen, li, about):
    assert "自2026年3月2日起至2026年5月1日止暂停医保支付资格" in written(Kind.DECISION, about[1])[4]
    public = written(Kind.PUBLICITY, about[1], replace(HEADING, addressee="唐小生"))
    assert "唐*生" in public[2]
    assert "公示期限未见规定（待核）" in public[4]
    guizhou = About(act(score, chen, li, replace(ACT, practitioner="pr_g", area="520102")))
    assert (
        "公示期限7个工作日内（贵州省实施细则（试行）（待核））"
        in written(Kind.PUBLICITY, guizhou)[4]
    )
    assert "请于2026年3月12日前" in written(Kind.ADVANCE, about[0])[5]
    assert "期限届满，自2026年5月2日起" in written(Kind.REINSTATEMENT, about[1])[4]
    lift = act(sanctions.propose_lift, chen, about[1].sanction, date(2026, 4, 1), "申诉成立", NOW)
    act(sanctions.decide_lift, li, lift.no, "同意", NOW, approve=True)
    assert "经批准解除，自2026年4月1日起" in written(Kind.REINSTATEMENT, about[1])[4]
    for kind in Kind:
        text = "\n".join(written(kind, about[1]))
        assert not set("{}") & set(text), kind
        assert "None" not in text, kind


def test_a_lift_after_its_term_restores_no_later(written, act, chen, li, about):
    lift = act(sanctions.propose_lift, chen, about[1].sanction, date(2026, 6, 1), "申诉成立", NOW)
    act(sanctions.decide_lift, li, lift.no, "同意", NOW, approve=True)
    assert "期限届满，自2026年5月2日起" in written(Kind.REINSTATEMENT, about[1])[4]


@pytest.mark.parametrize(
    "heading",
    [
        replace(HEADING, office=" "),
        replace(HEADING, number=""),
        replace(HEADING, addressee=""),
        replace(HEADING, answer_by=None),
    ],
)
def test_a_heading_leaves_nothing_out(written, about, heading):
    with pytest.raises(NoReason):
        written(Kind.ADVANCE, about[0], heading)


def test_points_are_never_reinstated_and_an_approver_writes_no_notice(
    act, li, written, about, tmp_path
):
    with pytest.raises(NoReason):
        written(Kind.REINSTATEMENT, about[0])
    with pytest.raises(NotAllowed):
        act(write, li, Kind.DECISION, about[0], HEADING, tmp_path, NOW)


def test_the_same_facts_give_the_same_bytes(act, chen, about, tmp_path):
    first, second = (
        act(write, chen, Kind.DECISION, about[0], HEADING, tmp_path, NOW) for _ in range(2)
    )
    assert first == second
    assert [default(kind) for kind in Kind] == [default(kind) for kind in Kind]


@pytest.mark.parametrize("kind", list(Kind))
def test_chinese_fonts_are_named_for_chinese_text(kind):
    runs = [run for one in Document(io.BytesIO(default(kind))).paragraphs for run in one.runs]
    fonts = {run._element.rPr.rFonts.get(qn("w:eastAsia")) for run in runs}
    assert fonts == {"宋体", "仿宋"}


def test_an_office_edits_its_templates_and_ours_never_go_over_them(written, about, tmp_path):
    assert [file.name for file in lay_out(tmp_path)] == [f"{kind}.docx" for kind in Kind]
    file = tmp_path / FOLDER / "decision.docx"
    edited = Document(file)
    edited.sections[0].header.paragraphs[0].text = "{{ office }}文件"
    edited.add_paragraph("抄送：某单位 {{ date_han }}")
    edited.save(file)
    assert lay_out(tmp_path) == ()
    assert written(Kind.DECISION, about[0])[-1] == "抄送：某单位 二〇二六年三月二日"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{{ adresee }}", "names adresee"),
        ("{{ term }}", "names term"),
        ("{{ addressee", "expected token"),
        ("{{ addressee }}{{ law }}{{ matter }}{{ objection }}{{ ''.__class__.__mro__ }}", "unsafe"),
        ("", "leaves out addressee, law, matter, objection"),
    ],
)
def test_a_template_with_other_fields_is_refused_by_their_names(
    written, about, tmp_path, text, says
):
    folder = tmp_path / FOLDER
    folder.mkdir()
    (folder / "decision.docx").write_bytes(
        built(
            Layout("书", tuple(map(Text, ("{{ number }}", text or "无", "{{ office }}{{ date }}"))))
        )
    )
    with pytest.raises(BadTemplate, match=says) as refused:
        written(Kind.DECISION, about[0])
    assert refused.value.template == "decision.docx"


def test_a_template_without_a_date_or_that_is_no_word_file_is_refused(written, about, tmp_path):
    lay_out(tmp_path)
    file = tmp_path / FOLDER / "decision.docx"
    edited = Document(file)
    edited.paragraphs[-1].clear()
    edited.save(file)
    with pytest.raises(BadTemplate, match="no date"):
        written(Kind.DECISION, about[0])
    file.write_bytes(b"no zip")
    with pytest.raises(BadTemplate, match="no Word file"):
        written(Kind.DECISION, about[0])


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 10, 10), "二〇二六年十月十日"),
        (date(2030, 12, 31), "二〇三〇年十二月三十一日"),
        (date(2025, 1, 20), "二〇二五年一月二十日"),
        (date(2024, 11, 21), "二〇二四年十一月二十一日"),
    ],
)
def test_a_date_in_chinese_digits(day, said):
    assert han(day) == said


@given(st.dates(date(2024, 1, 1), date(2024, 12, 31)))
def test_every_day_of_a_year_is_said_differently(day):
    assert han(day) != han(day + timedelta(1))
    assert plain(day) == f"{day.year}年{day.month}月{day.day}日"


def test_names_in_public_show_their_ends():
    assert [masked(name) for name in ("唐小生", "唐生", "欧阳小生")] == ["唐*生", "唐*", "欧*生"]


def test_a_citation_nobody_verified_is_marked():
    law = law_on(TODAY)
    assert marked(law, "国务院令第735号 第四十条") == "国务院令第735号 第四十条"
    assert marked(law, "医保发〔2024〕23号") == "医保发〔2024〕23号（待核）"
    assert marked(law, "某办法 第一条") == "某办法 第一条（待核）"
