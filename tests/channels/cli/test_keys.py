"""`qa-service keys`: what an operator types, and what the server then knows."""

import json
from pathlib import Path

import pytest
from building import ingested, settings_in

from channels.running import invoke
from qa_service.app import create_app


@pytest.fixture
def store(tmp_path: Path) -> str:
    settings = settings_in(tmp_path)
    ingested(settings).store.close()
    return settings.store


def test_a_key_is_made_used_listed_and_revoked(store: str, tmp_path: Path) -> None:
    made = invoke("keys", "create", "the archive", "--scope", "ask", "--scope", "ingest", QA_STORE=store)
    assert made.returncode == 0
    text = made.stdout.strip()
    assert text.startswith("qa_")
    assert text not in made.stderr

    client = create_app(settings_in(tmp_path)).test_client()
    headers = {"Authorization": f"Bearer {text}"}
    assert client.get("/api/v1/documents", headers=headers).status_code == 200
    (listed,) = json.loads(invoke("keys", "list", "--json", QA_STORE=store).stdout)
    assert listed["name"] == "the archive"
    assert listed["scopes"] == ["ask", "ingest"]
    assert listed["used"].endswith("Z")
    assert listed["revoked"] is None
    assert text not in invoke("keys", "list", QA_STORE=store).stdout

    assert invoke("keys", "revoke", listed["id"], QA_STORE=store).returncode == 0
    assert client.get("/api/v1/documents", headers=headers).status_code == 401
    assert "revoked 2" in invoke("keys", "list", QA_STORE=store).stdout
    assert invoke("keys", "revoke", listed["id"], QA_STORE=store).returncode == 2


def test_a_key_may_ask_unless_said_otherwise(store: str) -> None:
    invoke("keys", "create", "a reader", QA_STORE=store)

    (listed,) = json.loads(invoke("keys", "list", "--json", QA_STORE=store).stdout)
    assert listed["scopes"] == ["ask"]


def test_without_keys_there_is_nothing_to_list(store: str) -> None:
    assert invoke("keys", "list", QA_STORE=store).stdout == ""
    assert invoke("keys", "revoke", "none", QA_STORE=store).returncode == 2
    assert invoke("keys", "create", "a reader", "--scope", "everything", QA_STORE=store).returncode == 2
