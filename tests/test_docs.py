"""The documentation names everything that can be typed, called or set, and the generated pages are fresh."""

import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

from qa_service.channels.cli.commands import main
from qa_service.settings import Settings, environment_name

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs").glob("channels/*.md")),
]


@pytest.fixture(scope="module")
def documentation() -> str:
    return "\n".join(page.read_text("utf-8") for page in PAGES)


def commands(command: click.Command, *words: str) -> Iterator[tuple[str, click.Command]]:
    yield " ".join(words), command
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from commands(inner, *words, name)


@pytest.mark.parametrize(
    ("script", "page"), [("document_api.py", "api.md"), ("document_commands.py", "commands.md")]
)
def test_generated_pages_are_fresh(script: str, page: str) -> None:
    written = runpy.run_path(str(ROOT / "scripts" / script))

    assert (ROOT / "docs" / page).read_text("utf-8") == written["rendered"](), f"run python scripts/{script}"


def test_every_command_and_option_is_documented(documentation: str) -> None:
    for name, command in commands(main, "qa-service"):
        assert name in documentation
        for option in command.params:
            for spelled in option.opts if isinstance(option, click.Option) else ():
                assert spelled in documentation or spelled == "--version", (name, spelled)


def test_every_route_is_documented(app: Flask, documentation: str) -> None:
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule).replace("/static/{name}", "/static/<name>")
        assert f"{path}`" in documentation, path


def test_every_setting_is_documented(documentation: str) -> None:
    for name, field in Settings.model_fields.items():
        assert f"`{environment_name(name)}`" in documentation
        assert field.description


def test_every_field_of_the_answer_object_is_documented() -> None:
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    for name in (
        "answered",
        "statements",
        "citations",
        "sha256",
        "passage_id",
        "nearest",
        "wording",
        "cells",
    ):
        assert f"| `{name}` |" in page


def test_links_between_the_pages_lead_somewhere() -> None:
    pages = [*PAGES, *ROOT.glob("*/README.md"), *(ROOT / "docs" / "decisions").glob("*.md")]
    for page in pages:
        text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
