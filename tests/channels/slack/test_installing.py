"""Installation in several workspaces: agreed to at the fake Slack, kept in SQLite, used for answers."""

import http.client
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from browsing import browsing
from pydantic import SecretStr

from channels.running import Response, free_port, serving
from channels.slack.calling import FORM, SECRET, Caller, mention
from channels.slack.fake import CLIENT_ID, CLIENT_SECRET, SECOND_BOT, SECOND_TEAM, TEAM, Slack, faking
from channels.slack.seeing import POST, shown
from qa_service.app import create_app
from qa_service.channels.slack.installing import States
from qa_service.settings import Settings, load
from qa_service.wiring import Service


@dataclass(frozen=True)
class Installable:
    """A server for several workspaces, and its Slack."""

    caller: Caller
    slack: Slack
    kept: Path

    def get(self, path: str, cookie: str = "") -> Response:
        return self.caller.server.request("GET", path, headers={"Cookie": cookie} if cookie else {})

    def begun(self) -> tuple[str, str]:
        """The state of a new installation, and the cookie of the browser that began it."""
        response = self.get("/slack/install")
        assert response.status == 302
        return (
            parse_qs(urlsplit(response.headers["Location"]).query)["state"][0],
            response.headers["Set-Cookie"].split(";")[0],
        )

    def ended(self, state: str, cookie: str, code: str) -> Response:
        return self.get(f"/slack/oauth_redirect?{urlencode({'state': state, 'code': code})}", cookie)

    def tokens(self) -> dict[str, str]:
        with sqlite3.connect(self.kept) as connection:
            found = dict(connection.execute("SELECT team_id, bot_token FROM slack_bots"))
        connection.close()
        return found


@pytest.fixture(scope="module")
def installable(
    tmp_path_factory: pytest.TempPathFactory, service: Service, settings: Settings
) -> Iterator[Installable]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with faking(tmp_path_factory.mktemp("slack"), f"{address}/slack/oauth_redirect") as slack:
        values = {
            "QA_STORE": settings.store,
            "QA_RECORD_ANSWERS": "false",
            "QA_SLACK_API": slack.url,
            "QA_PUBLIC_URL": address,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_CLIENT_ID": CLIENT_ID,
            "SLACK_CLIENT_SECRET": CLIENT_SECRET,
            "WEB_CONCURRENCY": "2",
        }
        with serving("--port", str(port), port=port, **values) as server:
            yield Installable(Caller(server), slack, load(values).slack_path)


def test_a_workspace_is_installed_answered_and_forgotten(installable: Installable) -> None:
    slack = installable.slack
    page = installable.get("/slack/install").headers["Location"]
    asked = parse_qs(urlsplit(page).query)
    assert set(asked["scope"][0].split(",")) >= {"chat:write", "app_mentions:read", "commands"}

    state, cookie = installable.begun()
    agreed = {"user_id": "U000000001", "client_id": CLIENT_ID, "state": state, "scope": "chat:write"} | {
        "redirect_uri": asked["redirect_uri"][0]
    }
    done = installable.ended(state, cookie, code_of(slack, agreed))
    assert done.status == 200
    assert "Valley" in done.body.decode()
    assert done.headers["Content-Security-Policy"]

    token = installable.tokens()[TEAM]
    slack.calls.clear()
    assert installable.caller.event(mention("Who mediated?")).status == 200
    [call] = slack.wait(POST)
    assert call.token == token

    installable.caller.event({"type": "app_uninstalled"})
    wait_until_gone(installable, TEAM)


def code_of(slack: Slack, agreed: dict[str, str]) -> str:
    """Press "agree" at the fake."""
    connection = http.client.HTTPConnection("127.0.0.1", slack.emulate, timeout=10)
    connection.request("POST", "/oauth/v2/authorize/callback", urlencode(agreed), {"Content-Type": FORM})
    found = connection.getresponse()
    found.read()
    connection.close()
    return parse_qs(urlsplit(found.headers["Location"]).query)["code"][0]


def wait_until_gone(installable: Installable, team: str) -> None:
    deadline = time.monotonic() + 5
    while team in installable.tokens() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert team not in installable.tokens()


def test_each_workspace_is_answered_with_its_own_token(installable: Installable) -> None:
    slack = installable.slack
    state, cookie = installable.begun()
    assert installable.ended(state, cookie, "second").status == 200
    assert installable.tokens()[SECOND_TEAM] == SECOND_BOT

    slack.calls.clear()
    own = {
        "team_id": SECOND_TEAM,
        "authorizations": [{"team_id": SECOND_TEAM, "user_id": "U2BOT", "is_bot": True}],
    }
    installable.caller.event(mention("Who mediated?", channel="C2"), **own)
    [call] = slack.wait(POST)
    assert call.token == SECOND_BOT
    assert "mediat" in shown([call])


def test_a_workspace_without_the_app_is_not_answered(installable: Installable) -> None:
    elsewhere = {"team_id": "T9", "authorizations": [{"team_id": "T9", "user_id": "U9", "is_bot": True}]}
    assert installable.caller.event(mention("Who mediated?"), **elsewhere).status == 200
    url = installable.slack.response_url("T9")
    response = installable.caller.command("x", url, team_id="T9")
    assert response.status == 200
    assert installable.slack.wait("/respond/T9")[0].body["text"].startswith("This app is not installed")


def test_an_installation_that_nobody_began_is_refused(installable: Installable) -> None:
    state, cookie = installable.begun()
    before = installable.tokens()
    for response in (
        installable.ended(state, "", "second"),  # another browser
        installable.ended("made-up", cookie, "second"),
        installable.ended(state, cookie, "made-up"),
        installable.ended(state, cookie, "second"),  # the state was used
        installable.get("/slack/oauth_redirect"),
        installable.get("/slack/oauth_redirect?error=access_denied<script>"),
    ):
        assert 400 <= response.status < 500, response.body
        assert "<script>" not in response.body.decode()
    assert installable.tokens() == before


def test_states_that_nobody_used_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    states = States(database=str(tmp_path / "slack.db"), expiration_seconds=600)
    old = [states.issue() for _ in range(3)]
    begun = time.time()
    monkeypatch.setattr(time, "time", lambda: begun + 601)
    new = states.issue()

    with closing(states.connect()) as connection:
        assert [one for (one,) in connection.execute("SELECT state FROM oauth_states")] == [new]
    assert not states.consume(old[0])
    assert states.consume(new)


def test_beginning_is_counted_even_where_a_question_needs_a_key(own_settings: Settings) -> None:
    values = {
        "slack_signing_secret": SecretStr(SECRET),
        "slack_client_id": CLIENT_ID,
        "slack_client_secret": SecretStr(CLIENT_SECRET),
        "anonymous": False,
        "anonymous_per_minute": 1,
        "limit_loopback": True,
    }
    client = create_app(own_settings.model_copy(update=values)).test_client()

    assert [client.get("/slack/install").status_code for _ in range(6)] == [302] * 5 + [429]
    other = create_app(own_settings.model_copy(update=values)).test_client()
    assert [other.get("/slack/oauth_redirect").status_code for _ in range(6)] == [400] * 5 + [429]


def test_tokens_are_for_their_owner_only(installable: Installable) -> None:
    assert stat.S_IMODE(installable.kept.stat().st_mode) == 0o600


@pytest.mark.browser
def test_somebody_installs_it_in_a_browser(installable: Installable) -> None:
    with browsing() as browser:
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{installable.caller.server.port}/slack/install")
        page.get_by_text("Admin User").first.click()
        page.wait_for_url("**/slack/oauth_redirect?*")
        assert page.get_by_role("heading").inner_text() == "Installed"
    assert TEAM in installable.tokens()
