"""The workbook as openpyxl reads it: every node, edge, member, settlement and sum, and no formula."""

import json
import zipfile
from dataclasses import replace
from datetime import date

import networkx as nx
import pytest
from hypothesis import example, given
from openpyxl import load_workbook

from casework.exports import workbook
from casework.exports.content import Content, Network
from casework.exports.words import EDGE_WORDS
from graph.model import NodeKind
from tests.casework.exports.conftest import DECIDED
from tests.casework.exports.networks import assert_same, contents, decoded
from tests.casework.exports.test_round_trips import ROUNDS, about, written


class Book:
    """A workbook by sheet, its cells as what they stand for."""

    def __init__(self, file):
        self.book = load_workbook(file)
        self.longs = {}
        if workbook.LONG in self.book.sheetnames:
            for number, part in self.book[workbook.LONG].iter_rows(min_row=2, values_only=True):
                self.longs[number] = self.longs.get(number, "") + part

    def rows(self, name):
        """The rows of a sheet as dicts; empty cells are not there."""
        heading, *rows = self.book[name].iter_rows()
        titles = [self.value(cell) for cell in heading]
        return [
            {
                title: self.value(cell)
                for title, cell in zip(titles, row, strict=False)
                if cell.value is not None
            }
            for row in rows
        ]

    def value(self, cell):
        value = cell.value
        if cell.number_format == "#,##0.00":
            return round(value * 100)
        if cell.number_format == "yyyy-mm-dd":
            return value.date()
        if not isinstance(value, str) or not value.startswith("\\"):
            return decoded(value)
        found = json.loads(value[1:])
        return decoded(self.longs[found["text"]]) if isinstance(found, dict) else found


def read_back(book):
    found = nx.MultiDiGraph()
    kinds = {word: kind for kind, word in EDGE_WORDS.items()}
    for row in book.rows("节点"):
        id_ = row.pop("编号")
        found.add_node(id_)
        found.nodes[id_].update(plain_names(row))
    for row in book.rows("关系"):
        ends = row.pop("自"), row.pop("至"), kinds[row.pop("关系")]
        found.add_edge(*ends)
        found.edges[ends].update(plain_names(row))
    return found


def plain_names(row):
    return {name.removesuffix("（元）"): value for name, value in row.items()}


def of_one(**properties):
    graph = nx.MultiDiGraph()
    graph.add_node("pt_0", kind=NodeKind.PATIENT, label="", **properties)
    return Content(Network(graph, "", 1, {"snapshot": "", "seed": "1"}))


@ROUNDS
@given(contents())
@example(of_one(fund=10**15))
@example(of_one(first=("_x0041_",)))
def test_nothing_is_lost_and_nothing_runs(content):
    with written(workbook.write, content) as (file,):
        book = Book(file)
    assert_same(content.network.graph, read_back(book))
    assert {row["项目"]: row.get("内容") for row in book.rows("说明")} == about(content)
    for sheet in book.book.worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
            assert all(cell.data_type == "s" for cell in row if isinstance(cell.value, str))


@pytest.fixture(scope="module")
def ring_book(world, tmp_path_factory):
    (file,) = workbook.write(
        replace(world.content, decided=DECIDED), tmp_path_factory.mktemp("book")
    )
    return Book(file)


def test_members_findings_and_settlements_are_all_there(world, ring_book):
    (ring,) = world.content.rings
    assert [row["编号"] for row in ring_book.rows("成员")] == [m.id for m in ring.members]
    assert [row["基金支付（元）"] for row in ring_book.rows("成员")] == [
        m.fund for m in ring.members
    ]
    found = ring_book.rows("聚集与其他证据")
    assert [(row["序号"], row["起"], row["参保人编号"]) for row in found] == [
        (f.no, f.at, f.members) for f in ring.findings
    ]
    settled = ring_book.rows("结算")
    assert [(row["结算"], row["来源文件"], row["行"]) for row in settled] == [
        (one.row, one.file, one.line) for one in ring.settlements
    ]
    assert [row["退费后基金支付（元）"] for row in settled] == [
        o.net_fund for o in ring.settlements
    ]
    rows = [(row["证据序号"], row["行"], row["行号"]) for row in ring_book.rows("来源行")]
    assert rows == [(f.no, s.row, s.line) for f in ring.findings for s in f.sources]


def test_money_adds_up(world, ring_book):
    (ring,) = world.content.rings
    rows = ring_book.rows("金额")
    for way in ("合计", "按机构", "按参保人", "按月"):
        assert sum(r["基金支付（元）"] for r in rows if r["口径"] == way) == ring.money.fund
    (shown,) = (r["内容"] for r in ring_book.rows("说明") if "基金" in r["项目"])
    assert shown == ring.money.fund


def test_what_was_decided_is_there(ring_book):
    assert ring_book.rows("处理") == [
        {
            "对象": "cs_7", "事项": "案件", "处理": "属实", "处理状态": "已结案", "日期": DECIDED.at,
        },
        {
            "对象": "pr_x", "事项": "处理", "处理": "暂停支付资格", "处理状态": "执行中",
            "日期": date(2026, 3, 2), "起": date(2026, 3, 2), "经办和审批": ("调查员 陈晨", "审批人 李立"),
            "文书号": ("某医保处〔2026〕8号",), "依据": "省级征求意见稿第三条",
        },
        {"对象": "fa_x", "事项": "指令", "处理": "暂停", "数量": 2, "处理状态": "已回执", "日期": date(2026, 3, 3)},
    ]  # fmt: skip


def test_no_moment_of_making_is_in_the_file(tmp_path):
    content = Content(Network(nx.MultiDiGraph(), "空", 0))
    (file,) = workbook.write(content, tmp_path)
    with zipfile.ZipFile(file) as packed:
        assert {part.date_time[:3] for part in packed.infolist()} == {(1980, 1, 1)}
        assert b"modified" not in packed.read("docProps/core.xml")
