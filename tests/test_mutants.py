"""`make mutants`: which faults are tried, and that a module is afterwards what it was."""

import ast
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
MUTATING = runpy.run_path(str(ROOT / "scripts" / "mutating.py"))


def changed(source: str) -> Iterator[str]:
    """What becomes of a source: each mutant's own."""
    tree = ast.parse(source)
    for mutant in MUTATING["mutants"](tree):
        with mutant.made():
            yield ast.unparse(tree)
    assert ast.unparse(tree) == ast.unparse(ast.parse(source))


@pytest.mark.parametrize(
    ("source", "mutants"),
    [
        ("a < 1", {"a <= 1", "a < 2"}),
        ("a == b", {"a != b"}),
        ("a and not b", {"a or not b", "a and b"}),
        ("a + b", {"a - b"}),
        ("'word'", set()),  # a docstring
        ("a = 'word'", {"a = 'XXwordXX'"}),
        ("a = True", {"a = False"}),
        ("f(a, b)", {"pass", "f(a)"}),
        ("a = f(b=c)", {"a = f()"}),
        ("a = s.lower()", {"a = s.upper()"}),
        ("a += b", {"a -= b", "a = b"}),
        ("if a: b = c", {"if not a:\n    b = c"}),
        ("def f(): return a", {"def f():\n    return None"}),
        ("def f(): a = b", {"def f():\n    a = None"}),
        ("def f(a: 'T' = 1) -> 'T': ...", {"def f(a: 'T'=2) -> 'T':\n    ..."}),
        ("raise StoreError('words')", {"pass"}),
        ("log.warning('words')", set()),
        ("if TYPE_CHECKING: a = 1", set()),
        (
            "@dataclass(frozen=True)\nclass A: a: int = 1",
            {"@dataclass(frozen=True)\nclass A:\n    a: int = 2"},
        ),
        ("KNOWN = 1024", set()),
    ],
)
def test_a_fault_is_one_that_somebody_might_make(source: str, mutants: set[str]) -> None:
    assert set(changed(source)) == mutants


def test_every_module_and_test_that_it_names_is_there() -> None:
    named: dict[str, dict[str, str]] = groups()

    assert set(named) == {"auth", "fetch", "upload", "query", "swap"}
    for modules in named.values():
        for module, tests in modules.items():
            assert (ROOT / "qa_service" / module).is_file()
            assert all((ROOT / "tests" / one.partition("::")[0]).is_file() for one in tests.split())


def groups() -> dict[str, Any]:
    return dict(runpy.run_path(str(ROOT / "scripts" / "mutants.py"))["GROUPS"])
