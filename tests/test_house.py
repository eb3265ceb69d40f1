"""The house rules that no tool of its own checks: size, doors, directions, nothing that belongs elsewhere."""

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("graph", "loaders", "casework", "dashboards", "huancha")
SIZED = (*PACKAGES, "tests", "benchmarks", "tools")
MOST_LINES = 400
MOST_FUNCTION_LINES = 60
LONGER: dict[str, int] = {}
"""What is longer still, and may only shrink."""
BINARY = {".png", ".svg", ".woff2", ".ico"}


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the project; in a copy without git, every file that is not made by a tool."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        made = {".venv", "demo", "dist", "build"}
        found = [
            path
            for path in ROOT.rglob("*")
            if not any(
                part in made or part.endswith(("cache", "cache__"))
                for part in path.relative_to(ROOT).parts
            )
        ]
    return tuple(sorted(path for path in found if path.is_file()))


def modules(*folders: str) -> list[Path]:
    return [p for p in tracked() if p.suffix == ".py" and p.relative_to(ROOT).parts[0] in folders]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def functions(path: Path) -> list[ast.FunctionDef]:
    """All functions and methods, wherever they stand."""
    return [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef)]


def imported(path: Path) -> set[str]:
    """The top packages a module imports, inside functions too; relative imports are refused."""
    names: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} imports relatively"
            names.add(str(node.module).partition(".")[0])
        elif isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
    return names


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def texts() -> list[tuple[str, str]]:
    return [(name_of(p), p.read_text("utf-8")) for p in tracked() if p.suffix not in BINARY]


def code_lines(function: ast.FunctionDef, source: list[str]) -> int:
    """Lines of a function that hold code: no blank lines, comments or docstring."""
    first, last = function.lineno, function.end_lineno
    body = function.body
    doc: range | tuple[int, ...] = ()
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        doc = range(body[0].lineno, body[0].end_lineno + 1)
    return sum(
        1
        for number in range(first, last + 1)
        if number not in doc and source[number - 1].strip().split("#")[0]
    )


def test_there_is_something_to_check():
    assert len(modules(*PACKAGES)) > 100
    assert {name_of(p) for p in tracked()} >= {"README.md", "pyproject.toml", "requirements.txt"}


def test_no_module_is_longer_than_a_person_can_hold():
    long = {name_of(p): len(p.read_text("utf-8").splitlines()) for p in modules(*SIZED)}
    assert {name: n for name, n in long.items() if n > MOST_LINES} == {}


def test_a_function_fits_a_screen():
    long = {}
    for path in modules(*PACKAGES):
        source = path.read_text("utf-8").splitlines()
        for function in functions(path):
            lines = code_lines(function, source)
            name = f"{name_of(path)}:{function.name}"
            if lines > LONGER.get(name, MOST_FUNCTION_LINES):
                long[name] = lines
    assert long == {}


def test_every_module_and_public_thing_says_what_it_is():
    silent = []
    for path in modules(*PACKAGES):
        tree = tree_of(path)
        if tree.body and not ast.get_docstring(tree) and path.name != "__init__.py":
            silent.append(name_of(path))
        silent += [
            f"{name_of(path)}:{node.name}"
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ]
    assert silent == []


@pytest.mark.parametrize(
    "pattern",
    [
        # Spelt in parts, so that this file does not hold what it looks for.
        r"(?<![\w.])/(?:ho" + r"me|Us" + r"ers|ro" + r"ot|wo" + r"rk|mnt)/\w",
        r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b",
        r"files\.python"
        + r"hosted|py"
        + r"pi\.org|registry\.np"
        + r"mjs|--(?:extra-)?index"
        + r"-url",
    ],
    ids=["machine path", "unfinished", "registry"],
)
def test_nothing_that_belongs_elsewhere(pattern):
    found = re.compile(pattern)
    hits = [f"{name}: {m[0]}" for name, text in texts() for m in found.finditer(text)]
    assert hits == []


def test_shipped_code_asks_nothing_of_the_network():
    """Addresses in code may name where a fact is from or a namespace, never what a page would fetch."""
    cdn = re.compile(
        r"cdn\.|cdnjs|jsdelivr|unpkg|googleapis|gstatic|bootstrapcdn|<(?:script|link|img)[^>]*https?:"
    )
    hits = [
        f"{name}: {m[0]}"
        for name, text in texts()
        if name.split("/")[0] in PACKAGES
        for m in cdn.finditer(text)
    ]
    assert hits == []


def test_each_package_has_one_door():
    """The table in pyproject.toml is held by ruff; here: each banned package has a door, and uses it."""
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]
    banned = lint["flake8-tidy-imports"]["banned-api"]
    doors = {name for name, rules in lint["per-file-ignores"].items() if "TID251" in rules} - {
        "tests/**",
        "benchmarks/**",
    }
    inside: dict[str, set[str]] = {}
    for path in modules(*PACKAGES):
        for package in imported(path):
            inside.setdefault(package, set()).add(name_of(path))
    for package, rule in banned.items():
        assert inside.get(package, set()) <= doors & set(rule["msg"].split()), package


@pytest.mark.parametrize(
    "command",
    [["lint-imports"], ["ruff", "check", "--no-cache", "."]],
    ids=["imports", "lint"],
)
def test_the_tools_agree(command):
    tool = Path(sys.executable).with_name(command[0])
    done = subprocess.run(
        [tool, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
