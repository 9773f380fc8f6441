"""The protocol is an extra: without it everything else works, and what is missing is said."""

import sys

import pytest
from flask.testing import FlaskClient

from channels.api.problems import is_problem
from channels.running import invoke
from qa_service.settings import Settings

OURS = ("protocol", "http", "stdio")


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if `mcp` were not installed."""
    for name in [name for name in sys.modules if name == "mcp" or name.startswith("mcp.")]:
        monkeypatch.delitem(sys.modules, name)
    for name in OURS:
        monkeypatch.delitem(sys.modules, f"qa_service.channels.mcp.{name}", raising=False)
        monkeypatch.delattr(f"qa_service.channels.mcp.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "mcp", None)


@pytest.mark.usefixtures("without")
def test_over_http(client: FlaskClient) -> None:
    response = client.post("/mcp", json={})

    problem = is_problem(response.status_code, response.headers, response.data)
    assert problem["status"] == 501
    assert "pip install -e '.[mcp]'" in str(problem["detail"])
    assert client.get("/healthz").status_code == 200


@pytest.mark.usefixtures("without")
def test_on_the_command_line(settings: Settings) -> None:
    done = invoke("mcp", QA_STORE=settings.store)

    assert done.returncode == 1
    assert "pip install -e '.[mcp]'" in done.stderr
