"""A worker that only answers stays small: no parser of a file format is loaded for it."""

import subprocess
import sys
from pathlib import Path

import pytest
from building import ingested, settings_in

PARSERS = {"trafilatura", "lxml", "docx", "pypdfium2", "markdown_it", "syntok", "yaml", "charset_normalizer"}
EXTRAS = {"mcp", "starlette", "anyio", "uvicorn"}
FORMATS = {"txt", "markdown", "html", "docx", "pdf", "jsonl"}
ASK = """
import sys
from qa_service.app import create_app

client = create_app().test_client()
answer = client.post("/api/v1/ask", json={"question": "What is the SFA?"}).get_json()
assert answer["answered"], answer
print(*sorted(sys.modules))
"""


def loaded(code: str, **environment: str) -> set[str]:
    """The modules that a new process has loaded in the end."""
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder: Path = tmp_path_factory.mktemp("built")
    settings = settings_in(folder)
    ingested(settings).store.close()
    return loaded(ASK, QA_STORE=settings.store)


def test_a_worker_answers_without_parsers(modules: set[str]) -> None:
    assert modules & PARSERS == set()


def test_a_worker_answers_before_its_api_is_described(modules: set[str]) -> None:
    described = {"flask_openapi", "qa_service.channels.api.operations", "qa_service.channels.api.models"}
    assert modules & described == set()


def test_a_worker_answers_without_the_modules_of_formats(modules: set[str]) -> None:
    assert modules & {f"qa_service.ingest.{name}" for name in FORMATS} == set()


def test_a_worker_has_no_way_out_to_the_web(modules: set[str]) -> None:
    assert {one for one in modules if one.startswith(("qa_service.fetch", "qa_service.visiting"))} == set()


def test_a_worker_without_chats_loads_nothing_of_them(modules: set[str]) -> None:
    assert {name.split(".")[0] for name in modules} & {"slack_bolt", "slack_sdk", "markdown_it"} == set()


def test_a_worker_that_is_not_traced_loads_nothing_for_it(modules: set[str]) -> None:
    assert {name.split(".")[0] for name in modules} & {"opentelemetry", "requests"} == set()


def test_a_worker_that_answers_has_not_opened_the_desk(modules: set[str]) -> None:
    there = {name for name in modules if name.startswith("qa_service.channels.admin.")}
    assert there == {"qa_service.channels.admin.views"}


def test_an_extra_that_is_missing_is_named() -> None:
    code = "import sys; sys.modules['slack_bolt'] = None\nfrom qa_service.app import create_app; create_app()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"SLACK_SIGNING_SECRET": "s", "SLACK_BOT_TOKEN": "t"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "SettingsError: SLACK_SIGNING_SECRET is set" in done.stderr
    assert "pip install -e '.[slack]'" in done.stderr


def test_a_worker_answers_without_the_extras(modules: set[str]) -> None:
    assert modules & EXTRAS == set()


def test_the_domain_needs_nothing_but_python() -> None:
    code = "import sys, qa_service.domain.edition, qa_service.domain.answer; print(*sorted(sys.modules))"
    outside = {name.split(".")[0] for name in loaded(code)} - sys.stdlib_module_names
    assert {name for name in outside if not name.startswith(("_", "sitecustomize"))} <= {"qa_service"}


def test_importing_the_application_opens_nothing(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    loaded("import qa_service.app, qa_service.channels.cli.commands", QA_STORE=f"sqlite:///{store}")
    assert not store.exists()
