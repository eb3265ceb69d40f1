"""Every sentence is in the catalogue, in both languages, and none is anywhere else."""

import ast
import inspect
import re
import string
from importlib import import_module
from pathlib import Path

import pytest

import dashboards
from casework.deadlines import Kind
from casework.draws.errors import Unfair
from casework.errors import CaseworkError
from casework.tips import TipState
from dashboards.catalogue import (
    access,
    audit,
    audit_facts,
    bureaux,
    canvas,
    cases,
    desk,
    draws,
    exports,
    intake,
    jobs,
    joint,
    measuring,
    methods,
    objecting,
    overview,
    parameters,
    profile,
    referral,
    refusals,
    ring,
    rings,
    sanctioning,
    sanctions,
    scans,
    shell,
    space,
    terms,
    tips,
)
from dashboards.catalogue.leftovers import BEGINNINGS, ENDINGS, LEFTOVERS
from dashboards.catalogue.regions import DIVISIONS, PROVINCES
from dashboards.formats import Language
from dashboards.texts import TEXTS, region, say
from graph.motifs import MOTIFS
from graph.scan.evidence import IGNORED
from graph.scan.sentences import EVENT_ZH
from graph.schema import TABLES, WARNINGS, Grade, Profession, RingState, TokenKind

HOME = Path(dashboards.__file__).parent
CATALOGUES = (
    shell,
    terms,
    overview,
    rings,
    ring,
    scans,
    jobs,
    parameters,
    intake,
    methods,
    canvas,
    desk,
    profile,
    space,
    joint,
    bureaux,
    referral,
    exports,
    sanctioning,
    sanctions,
    cases,
    access,
    audit,
    audit_facts,
    refusals,
    objecting,
    measuring,
    tips,
    draws,
)
CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
SAME_IN_BOTH = {
    "language.zh",
    "language.en",
    "profile.title",
    "ring.core.value",
    "ring.staff_places.value",
}
HOLD_UNITS_AND_HEADINGS = ("formats.py", "texts.py")
GUILT = ("诈骗", "骗保", "犯罪", "fraudster", "guilty", "criminal")


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_each_sentence_is_in_both_languages(key: str) -> None:
    zh, en = TEXTS[key]
    assert zh.strip()
    assert en.strip()
    assert zh != en or key in SAME_IN_BOTH
    assert not CJK.search(en) or key in SAME_IN_BOTH
    assert _facts(zh) == _facts(en)


def _facts(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_no_key_stands_in_two_catalogues() -> None:
    assert sum(len(catalogue.TEXTS) for catalogue in CATALOGUES) == len(TEXTS)


@pytest.mark.parametrize(
    "module",
    [
        "errors",
        "appeals.errors",
        "notices.errors",
        "sanctions.errors",
        "word",
        "assistance.errors",
        "rooms.errors",
        "announcements.errors",
        "draws.errors",
    ],
)
def test_refusals_of_casework_are_told_in_both_languages(module: str) -> None:
    """Those of packs and keys are met on the command line alone."""
    elsewhere = {
        "CaseworkError",
        "BadPack",
        "BrokenAudit",
        "NewerStore",
        "NoTerm",
    }
    found = vars(import_module(f"casework.{module}")).items()
    errors = {
        name: one for name, one in found
        if inspect.isclass(one) and issubclass(one, CaseworkError) and name not in elsewhere
    }  # fmt: skip
    assert errors
    for name, one in errors.items():
        facts = set(inspect.signature(one).parameters) | {"id"}
        for sentence in TEXTS[f"refusal.{name}"]:
            assert {
                field for _, field, _, _ in string.Formatter().parse(sentence) if field
            } <= facts


def test_every_code_has_a_word() -> None:
    groups = {
        "grade": Grade,
        "grade_note": Grade,
        "state": RingState,
        "token": TokenKind,
        "letter": [*TokenKind, *Profession],
        "role": Profession,
        "warning": WARNINGS,
        "table": TABLES,
        "unfair": Unfair,
        "tip_state": TipState,
        "due": Kind,
    }
    missing = {f"{group}.{code}" for group, codes in groups.items() for code in codes} - set(TEXTS)
    assert not missing


def test_every_kind_of_event_and_every_explanation_has_a_word() -> None:
    tried = {
        str(node.args[0].value)
        for file in (HOME.parent / "graph").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Explanation"
        and isinstance(node.args[0], ast.Constant)
    }
    wanted = {f"explanation.{name}" for name in tried}
    wanted |= {f"evidence.{kind}" for kind in (*EVENT_ZH, IGNORED)}
    assert tried >= {"schedule", "crowd", "routine"}
    assert not wanted - set(TEXTS)


def test_nothing_on_screen_says_guilt() -> None:
    said = [text for pair in TEXTS.values() for text in pair]
    assert not [text for text in said for word in GUILT if word in text.lower()]


def test_regions_and_leftovers_are_whole() -> None:
    for zh, en in [*PROVINCES.values(), *DIVISIONS.values()]:
        assert CJK.search(zh)
        assert not CJK.search(en)
    pairs = [*LEFTOVERS.items(), *BEGINNINGS.items(), *ENDINGS.items()]
    assert all(CJK.search(zh) and not CJK.search(en) for en, zh in pairs)


@pytest.mark.parametrize(
    "file",
    sorted(file for file in HOME.rglob("*.py") if "catalogue" not in file.parts),
    ids=lambda file: str(file.relative_to(HOME)),
)
def test_no_chinese_literal_outside_the_catalogue(file: Path) -> None:
    tree = ast.parse(file.read_text("utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    found = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CJK.search(node.value)
        and id(node) not in docs
    ]
    assert not found or file.name in HOLD_UNITS_AND_HEADINGS


def test_say_fills_in_facts() -> None:
    assert say(Language.ZH, "ring.title", code="ab2c3d") == "线索 ab2c3d"
    with pytest.raises(KeyError):
        say(Language.EN, "no.such.key")


def test_every_motif_names_its_source_in_both_languages() -> None:
    for motif in MOTIFS:
        zh, en = TEXTS[f"motif_source.{motif.name}"]
        assert CJK.search(zh)
        assert not CJK.search(en)


def test_the_whole_country_has_a_name() -> None:
    assert region("000000") == "全国"
