"""The documents say what is there: commands, motifs, links, words."""

import re
import shlex
from functools import cache
from pathlib import Path

import pytest
import typer.main

from graph.motifs import MOTIFS
from huancha.commands import app
from huancha.commands.run import run
from tools import law_docs, motif_docs, receiver_docs

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/**/*.md")])
SECTIONS = ("含义", "误判", "Meaning", "Misleads", "Source")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
COMMANDS = ("synth", "load", "quarantine", "scan", "communities", "rings", "show", "serve", "demo")


tree = cache(lambda: typer.main.get_command(app))


@cache
def commands():
    """Every command and group as its words: (), ("load",), ("quarantine", "list") …"""
    found = [()]
    for name, command in tree().commands.items():
        found.append((name,))
        found += [(name, inner) for inner in getattr(command, "commands", {})]
    return tuple(found)


def options(words):
    """The options a command knows."""
    command = tree()
    for word in words:
        command = command.commands[word]
    return {name for param in command.params for name in (*param.opts, *param.secondary_opts)}


def called(line):
    """The words and the options of a `huancha …` line."""
    parts = shlex.split(line.partition("#")[0])[1:]
    words = []
    for part in parts:
        if (*words, part) not in commands():
            break
        words.append(part)
    return tuple(words), {part.partition("=")[0] for part in parts if part.startswith("-")}


def test_the_commands_of_the_design_are_there():
    assert {words[0] for words in commands() if words} >= set(COMMANDS)


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_commands_help_shows_an_example_on_a_line_of_its_own(words, capfd, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert run([*words, "--help"]) == 0
    lines = [line.rstrip() for line in capfd.readouterr().out.splitlines()]
    (example,) = [line.strip() for line in lines if line.strip().startswith("Example: ")]
    assert all(len(line) <= 80 for line in lines)
    for call in example.removeprefix("Example: ").split(" && "):
        assert call.startswith("huancha ")
        found, given = called(call)
        assert found[: len(words)] == words or words == ()
        assert given <= options(found)


def test_every_command_takes_the_workspace_but_the_one_that_opens_none():
    for words in commands():
        assert ("--workspace" in options(words)) is (words != ("verify",)), words


@pytest.mark.parametrize(
    "words",
    [(n,) for n in ("synth", "load", "scan", "rings", "show", "communities", "quarantine")]
    + [("quarantine", "list"), ("quarantine", "replay")],
    ids=" ".join,
)
def test_what_gives_data_gives_json(words):
    assert "--json" in options(words)


@pytest.mark.parametrize("motif", MOTIFS, ids=lambda motif: motif.name)
def test_every_motif_explains_itself_in_both_languages(motif):
    text = motif.text
    assert set(text) == {"title_zh", "title_en", *SECTIONS}
    for name in ("title_zh", "含义", "误判"):
        assert CHINESE.search(text[name]), name
    for name in ("title_en", "Meaning", "Misleads"):
        assert not CHINESE.search(text[name]), name
        assert re.search(r"[A-Za-z]{3}", text[name]), name
    assert all(len(text[name]) >= 12 for name in SECTIONS)
    assert "fraud" not in (text["title_en"] + text["Meaning"]).lower()


def test_no_motif_repeats_another():
    for name in ("title_zh", "title_en", "含义", "误判", "Meaning", "Misleads"):
        said = [motif.text[name] for motif in MOTIFS]
        assert len(set(said)) == len(said), name
    assert len({motif.name for motif in MOTIFS}) == len(MOTIFS)


@pytest.mark.parametrize(
    "tool", [motif_docs, law_docs, receiver_docs], ids=lambda tool: tool.PAGE.name
)
def test_a_written_page_is_current(tool):
    assert tool.PAGE.read_text("utf-8") == tool.page(), "run: make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_page_calls_exists(page):
    text = page.read_text("utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    lines += re.findall(r"`((?:\.venv/bin/)?huancha [^`]*)`", text)
    for line in lines:
        if re.match(r"(\.venv/bin/)?huancha( |$)", line):
            words, given = called(line.split("→")[0].split("\\|")[0].replace("…", ""))
            assert words, line
            assert given <= options(words), line
    targets = set(
        re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    )
    asked = re.findall(r"`make ([\w-]+)`", text) + [
        match[1] for line in lines if (match := re.match(r"(?:\w+=\S+ )*make ([\w-]+)", line))
    ]
    assert set(asked) <= targets


def anchors(text):
    """What the headings of a page are linked by."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(file.read_text("utf-8")), target


def test_paths_in_the_readme_and_the_rules_exist():
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md"):
        for path in re.findall(r"`([\w.-]+/[\w./-]*)`", page.read_text("utf-8")):
            if not path.startswith((".venv", "tables/", "workspace/")):
                assert (ROOT / path).exists(), f"{page.name}: {path}"


def test_decisions_are_numbered_and_of_one_form():
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(page.name[:4]) for page in pages]
    assert numbers == list(range(1, len(pages) + 1))
    for page in pages:
        text = page.read_text("utf-8")
        assert text.startswith(f"# {page.name[:4]} ")
        for part in ("Context", "Choice", "Given up"):
            assert f"**{part}.**" in text, f"{page.name}: {part}"


def test_the_glossary_has_one_word_for_each_thing():
    rows = re.findall(
        r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$",
        (ROOT / "docs" / "glossary.md").read_text("utf-8"),
        re.MULTILINE,
    )
    words = [word for row in rows if row[0] != "word" for word in row[0].split(", ")]
    assert len(words) == len(set(words))
    needed = {
        "patient", "practitioner", "facility", "pharmacy", "registration", "visit", "token", "co-visit",
        "gathering", "pair", "motif", "ring", "evidence", "lead", "case", "sanction", "points", "order",
        "acknowledgement", "referral", "joint review", "audit entry", "snapshot", "scan", "quarantine", "vault",
    }  # fmt: skip
    assert needed <= set(words)
    assert all(CHINESE.search(row[1]) for row in rows if row[0] not in ("word", "---"))
