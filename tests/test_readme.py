"""What the README shows is what the service says: each `$ qa-service ask …` is run on the bundled corpus."""

import os
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from qa_service.channels.cli.commands import main

README = Path(__file__).parents[1] / "README.md"
EXAMPLE = re.compile(
    r"^\$ (?P<command>qa-service ask [^\n>#]*?)(?: +#[^\n]*)?\n(?P<output>(?:(?!\$ |```).*\n)+)", re.MULTILINE
)
TABLE = re.compile(r"^\| Issue \|.*\n(?:\|.*\n)+", re.MULTILINE)


def said(command: str, monkeypatch: pytest.MonkeyPatch, store: Path) -> str:
    monkeypatch.setenv("QA_STORE", f"sqlite:///{store}")
    result = CliRunner().invoke(main, shlex.split(command)[1:])
    assert result.exit_code in {0, 3}, result.output
    return result.output.strip()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("readme") / "store.db"
    corpus = README.parent / "index" / "corpus"
    result = CliRunner(env={"QA_STORE": f"sqlite:///{path}"}).invoke(main, ["ingest", str(corpus)])
    assert result.exit_code == 0, result.output
    return path


def test_every_example_of_the_readme_is_real(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = README.read_text("utf-8")

    def real(match: re.Match[str]) -> str:
        line = match[0].split("\n", 1)[0]
        return f"{line}\n{said(match['command'], monkeypatch, store)}\n" + (
            "\n" if match["output"].endswith("\n\n") else ""
        )

    fresh = EXAMPLE.sub(real, text)
    if os.environ.get("README") == "write":
        README.write_text(fresh, "utf-8")
    assert EXAMPLE.search(text)
    assert fresh == text, "run README=write pytest tests/test_readme.py and look at what changed"


def test_the_table_of_the_readme_is_real(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = README.read_text("utf-8")
    command = re.search(r"^\$ (qa-service ask \"How do [^\n]*)$", text, re.MULTILINE)
    assert command
    real = TABLE.search(said(command[1], monkeypatch, store) + "\n")
    assert real
    fresh = TABLE.sub(lambda _: real[0], text, count=1)
    if os.environ.get("README") == "write":
        README.write_text(fresh, "utf-8")
    assert fresh == text
