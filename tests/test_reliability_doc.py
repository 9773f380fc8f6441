"""docs/reliability.md: forty rows, each with a state, and every test that it names exists."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "reliability.md").read_text("utf-8")
ROWS = 40
STATES = {"kept", "in part", "open", "none"}
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


@dataclass(frozen=True)
class Row:
    number: int
    promise: str
    state: str
    figure: str
    tests: tuple[tuple[str, str], ...]


def rows() -> list[Row]:
    found = re.findall(r"^\| (\d+) \| (.+?) \| (.+?) \| (.*?) ?\| (.*?) ?\|$", PAGE, re.MULTILINE)
    return [
        Row(int(number), promise, state, figure, tuple(NAMED.findall(tests)))
        for number, promise, state, figure, tests in found
    ]


def functions(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.FunctionDef)}


def test_there_are_forty_rows_in_their_order() -> None:
    assert [row.number for row in rows()] == list(range(1, ROWS + 1))
    assert {row.state for row in rows()} <= STATES


def test_every_named_test_exists() -> None:
    named = set(NAMED.findall(PAGE))
    assert named

    missing = {
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).is_file() or (name and name not in functions(ROOT / path))
    }
    assert missing == set()
    assert PAGE.count("`tests/") == len(NAMED.findall(PAGE)), "a test is named in another form"


def test_what_is_kept_has_a_test_and_a_figure_and_what_is_not_does_not_claim_one() -> None:
    for row in rows():
        assert bool(row.tests) is (row.state in {"kept", "in part"}), row
        assert row.figure or row.state == "open", row


def test_the_number_of_routes_is_todays() -> None:
    """The figure of row 25 is that of the table which the test walks."""
    tree = ast.parse((ROOT / "tests" / "channels" / "test_principals.py").read_bytes())
    sizes = {
        node.targets[0].id: len(node.value.keys if isinstance(node.value, ast.Dict) else node.value.elts)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Dict | ast.Tuple)
    }
    routes, callers = sizes["ROUTES"], sizes["CALLERS"]

    assert f"{routes} routes × {callers} callers × 2 settings = {routes * callers * 2} calls" in PAGE
