import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from qa_service.domain.errors import SettingsError
from qa_service.settings import Settings, environment_name, load

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "settings.md"
# Names that platforms give are read where they are used; a parser's process gets none but these of its own.
READERS_OF_THE_ENVIRONMENT = {
    "gunicorn.conf.py": {"WEB_CONCURRENCY"},
    "qa_service/__init__.py": set(),  # sets two names for libraries
    "qa_service/channels/cli/serve.py": {"PORT", "WEB_CONCURRENCY", "LISTEN_FDS"},
    "qa_service/ingest/sandbox.py": {"PATH", "LANG", "LC_ALL"},
    "qa_service/settings.py": {"QA_"},
}


def problem(**environment: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(environment)
    return str(caught.value)


def test_the_page_is_what_the_generator_writes() -> None:
    written: dict[str, Any] = runpy.run_path(str(ROOT / "scripts" / "document_settings.py"))
    assert PAGE.read_text("utf-8") == written["rendered"](), "run python scripts/document_settings.py"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name: str) -> None:
    assert Settings.model_fields[name].description
    assert f"| `{environment_name(name)}` |" in PAGE.read_text("utf-8")


def test_names_of_platforms_are_documented() -> None:
    page = PAGE.read_text("utf-8")
    assert "| `PORT` |" in page
    assert "| `WEB_CONCURRENCY` |" in page


def test_the_defaults_are_a_working_service() -> None:
    settings = load({})
    assert settings.bundled
    for path in (settings.prompts, settings.sources, settings.aliases):
        assert path.exists()


def test_another_store_is_not_the_bundled_one() -> None:
    settings = load({"QA_STORE": "sqlite:////tmp/other.db"})
    assert settings.store_path == Path("/tmp/other.db")  # noqa: S108 - a name only
    assert not settings.bundled


def test_an_unknown_setting_is_named_beside_the_known_ones() -> None:
    message = problem(QA_STROE="sqlite:////tmp/a.db", QA_NOTHING="1", OTHER="x")
    assert "QA_STROE" in message
    assert "QA_NOTHING" in message
    assert "QA_STORE" in message
    assert "OTHER" not in message


@pytest.mark.parametrize("name", [environment_name(name) for name in Settings.model_fields])
@pytest.mark.parametrize("value", ["", " "])
def test_an_empty_value_is_an_error_that_names_the_setting(name: str, value: str) -> None:
    assert name in problem(**{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QA_QUESTION_CHARACTERS", "many"),
        ("QA_QUESTION_CHARACTERS", "0"),
        ("QA_QUESTION_CHARACTERS", "1000000"),
        ("QA_HISTORY_QUESTIONS", "-1"),
        ("QA_BODY_BYTES", "1"),
        ("QA_REMEMBERED_ANSWERS", "-1"),
        ("QA_RECORD_ANSWERS", "perhaps"),
        ("QA_INGEST_SECONDS", "0.5"),
        ("QA_INGEST_FILE_BYTES", "1"),
        ("QA_INGEST_MEMORY_BYTES", "1"),
        ("QA_PROMPTS", "/nowhere/prompts"),
        ("QA_PUBLIC_URL", "answers.example.org"),
        ("QA_SLACK_API", "https://slack.com/api"),
        ("SLACK_CLIENT_ID", "1.2"),
        ("SLACK_CLIENT_SECRET", "s"),
        ("QA_STORE", "store.db"),
        ("QA_STORE", "sqlite:///relative.db"),
        ("QA_STORE", "sqlite:///./relative.db"),
        ("QA_STORE", "sqlite://"),
        ("QA_STORE", "sqlite:///"),
        ("QA_STORE", "postgres:////a/b"),
    ],
)
def test_a_wrong_value_is_an_error_that_names_the_setting(name: str, value: str) -> None:
    assert name in problem(**{name: value})


def test_the_secrets_of_slack_keep_its_names_and_are_not_shown() -> None:
    settings = load({"SLACK_BOT_TOKEN": "xoxb-1", "QA_HOOK_TOKENS": "sesame"})
    assert settings.slack_bot_token is not None
    assert settings.slack_bot_token.get_secret_value() == "xoxb-1"
    assert "xoxb-1" not in repr(settings)
    assert "sesame" not in repr(settings)


def test_every_wrong_value_is_named_at_once() -> None:
    message = problem(QA_BODY_BYTES="x", QA_INGEST_SECONDS="y")
    assert "QA_BODY_BYTES" in message
    assert "QA_INGEST_SECONDS" in message


def test_the_environment_of_the_process_is_read_when_no_other_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QA_BODY_BYTES", "4096")
    assert load().body_bytes == 4096
    assert load({}).body_bytes == Settings.model_fields["body_bytes"].default


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        load({}).body_bytes = 1  # type: ignore[misc]


def test_nobody_else_reads_the_environment() -> None:
    readers: dict[str, set[str]] = {}
    for path in (*sorted((ROOT / "qa_service").rglob("*.py")), ROOT / "gunicorn.conf.py"):
        text = path.read_text("utf-8")
        if re.search(r"(?<!request\.)\benviron\b|\bgetenv\b", text):
            readers[path.relative_to(ROOT).as_posix()] = set()
    assert readers.keys() == READERS_OF_THE_ENVIRONMENT.keys()
    for path, names in READERS_OF_THE_ENVIRONMENT.items():
        text = (ROOT / path).read_text("utf-8")
        read = re.findall(r"environ\.get\(\s*[\"'](\w+)|environ\[[\"'](\w+)", text)
        assert {one or other for one, other in read} <= names
