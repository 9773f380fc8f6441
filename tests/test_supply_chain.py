"""What a server is made of is known: few direct dependencies, everything locked, a bill that says so."""

import ast
import json
import re
import runpy
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
MOST = 25  # direct dependencies of a server
LOCKS = {name: (ROOT / name).read_text("utf-8") for name in ("requirements.lock", "requirements-dev.lock")}
SBOM = runpy.run_path(str(ROOT / "scripts" / "sbom.py"))
BROUGHT = {
    "werkzeug": "flask",
    "pydantic_core": "pydantic",
    "numpy": "rank-bm25",
    "lxml": "trafilatura",
}  # by what is made of it
EXTRAS = ("slack", "mcp", "opensearch", "otel")  # what else the service may import, where it is asked for


def names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(one).name) for one in requirements}


def locked(lock: str) -> list[Any]:
    """The packages of a lock file; one may be there twice, for two versions of Python."""
    return list(SBOM["locked"](LOCKS[lock]))


def pins(lock: str) -> set[tuple[str, str]]:
    return {(one.name, one.version) for one in locked(lock)}


def imported() -> Iterator[tuple[str, str]]:
    """Every module from outside that the service imports, by the file that does."""
    for file in sorted((ROOT / "qa_service").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            found = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found = [node.module]
            for name in {one.partition(".")[0] for one in found} - {"qa_service", "_typeshed"}:
                if name not in sys.stdlib_module_names:
                    yield file.name, name


def test_few_dependencies_are_direct() -> None:
    assert len(PROJECT["dependencies"]) <= MOST


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_is_locked_by_its_hashes_and_nothing_says_from_where(lock: str) -> None:
    found = locked(lock)

    assert len(found) > 40
    assert all(one.version and one.hashes for one in found)
    assert names(PROJECT["dependencies"]) <= {one.name for one in found}
    assert not re.search(r"https?://|--index|--find-links|--trusted", LOCKS[lock])


@pytest.mark.parametrize("name", ["requirements.txt", "build.txt"])
def test_what_only_tests_fetch_is_known_by_its_hash(name: str) -> None:
    text = (ROOT / "tests" / "pdfs" / name).read_text("utf-8")
    rows = [row for row in text.splitlines() if not row.startswith("#")]

    assert rows
    assert all(re.fullmatch(r"[\w-]+==[\d.]+ --hash=sha256:[0-9a-f]{64}", row) for row in rows)


def test_both_locks_hold_the_same_versions() -> None:
    ours, everything = (pins(name) for name in LOCKS)

    assert ours == {(name, version) for name, version in everything if name in dict(ours)}


def test_every_import_is_of_something_that_is_named() -> None:
    """No module comes by chance with another package."""
    extras = [one for name in EXTRAS for one in PROJECT["optional-dependencies"][name]]
    named = names(PROJECT["dependencies"] + extras)
    distributions = packages_distributions()
    unnamed = {
        (file, name)
        for file, name in imported()
        if not named & {canonicalize_name(one) for one in distributions.get(name, [name])}
    }
    assert {name for _, name in unnamed} == set(BROUGHT)
    assert set(BROUGHT.values()) <= named


def test_the_bill_of_materials_is_whole_and_valid() -> None:
    told = SBOM["rendered"]()
    bill = json.loads(told)

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(told) is None
    assert {(one["name"], one["version"]) for one in bill["components"]} == pins("requirements.lock")
    needed = {one for row in bill["dependencies"] for one in row["dependsOn"]}
    assert needed == {one["purl"] for one in bill["components"]}, "each is there because something needs it"
    direct = next(row["dependsOn"] for row in bill["dependencies"] if row["ref"] == "qa-service")
    assert len(direct) >= len(PROJECT["dependencies"])
    licensed = [one["name"] for one in bill["components"] if "licenses" in one]
    assert len(licensed) > 0.8 * len(bill["components"])
    assert told == SBOM["rendered"]()


def test_who_finds_a_fault_is_told_where_to_go() -> None:
    page = (ROOT / "SECURITY.md").read_text("utf-8")

    assert "SECURITY.md" in (ROOT / "README.md").read_text("utf-8")
    assert "private" in page and "Supported" in page
