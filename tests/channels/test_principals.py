"""Every route against every kind of caller: the table below is complete, or these tests fail.

A route is named with its method, a caller with how it proves who it is. `LETS` says what a class of routes
answers to whom; ``let`` is what a route answers to who is let in. Where that would change something, what is
sent is nothing that can be done: the answer 400 or 404 comes from behind the check.
"""

import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from building import ingested, settings_in
from flask import Flask
from flask.testing import FlaskClient
from slack_sdk.signature import SignatureVerifier

from qa_service.app import create_app
from qa_service.channels import cookies
from qa_service.domain.principal import ANONYMOUS, Principal, Scope, Via
from qa_service.settings import Settings
from qa_service.store.conversations import ID_BYTES
from qa_service.wiring import Service

SIGNING = "a signing secret"
HOOK = "a-token-of-a-chat"
QUESTION = {"question": "Who mediated?"}
CALL = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
GUESSES = 10_000

CALLERS = (
    "nobody",
    "ask",
    "ingest",
    "admin",
    "revoked",
    "none of ours",
    "of another service",
    "slack",
    "hook",
    "desk",  # signed in with the admin key, on a form of the desk
    "desk of a revoked key",
)
KEYLESS = {"nobody", "slack", "hook", "desk", "desk of a revoked key"}  # who sends no key
ROUTES_OF_OTHERS = {"slack": "SLACK", "hook": "HOOK"}


@dataclass(frozen=True)
class Route:
    """How a route is called, to whom it is open, and what it answers to who is let in."""

    kind: str
    path: str
    let: int = 200
    json: object = None
    form: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


OPEN, ASK, CLIENT, CHANGE, SLACK, CHAT = "OPEN", "ASK", "CLIENT", "CHANGE", "SLACK", "HOOK"
LOGIN, SIGN_IN, DESK, DESK_CHANGE = "LOGIN", "SIGN_IN", "DESK", "DESK_CHANGE"

ROUTES = {
    ("GET", "operations.healthz"): Route(OPEN, "/healthz"),
    ("GET", "operations.readyz"): Route(OPEN, "/readyz"),
    ("GET", "measured.shown"): Route(OPEN, "/metrics"),
    ("GET", "described.openapi"): Route(OPEN, "/openapi.json"),
    ("GET", "described.docs"): Route(OPEN, "/docs"),
    ("GET", "web.static"): Route(OPEN, "/static/page.css"),
    ("GET", "widget.served"): Route(OPEN, "/widget/v1/qa-widget.js"),
    ("GET", "widget.words"): Route(OPEN, "/widget/v1/words/de.json"),
    ("GET", "slack.install"): Route(OPEN, "/slack/install", 302),
    ("GET", "slack.oauth_redirect"): Route(OPEN, "/slack/oauth_redirect?state=none&code=none", 400),
    ("GET", "web.demo"): Route(ASK, "/?q=Who+mediated%3F"),
    ("GET", "web.embed"): Route(ASK, "/embed?q=Who+mediated%3F"),
    ("GET", "web.source"): Route(ASK, "/documents/{document}"),
    ("POST", "api.ask"): Route(ASK, "/api/v1/ask", json=QUESTION),
    ("GET", "api.search"): Route(ASK, "/api/v1/search?q=dam"),
    ("GET", "api.divergences"): Route(ASK, "/api/v1/divergences?a=Norway&b=Sweden"),
    ("GET", "api.timeline"): Route(ASK, "/api/v1/timeline"),
    ("POST", "api.verify"): Route(ASK, "/api/v1/verify", json={"citations": []}),
    ("GET", "api.suggestions"): Route(ASK, "/api/v1/suggestions"),
    ("POST", "api.judge"): Route(ASK, "/api/v1/feedback", 204, {"answer_id": "{answer}", "value": "up"}),
    ("GET", "api.answer"): Route(ASK, "/api/v1/answers/{answer}"),
    ("GET", "api.evidence"): Route(ASK, "/api/v1/answers/{answer}/evidence"),
    ("POST", "api.begin"): Route(ASK, "/api/v1/conversations", 201),
    ("GET", "api.conversation"): Route(ASK, "/api/v1/conversations/{unknown}", 404),
    ("DELETE", "api.forget"): Route(ASK, "/api/v1/conversations/{unknown}", 404),
    ("GET", "api.documents"): Route(ASK, "/api/v1/documents"),
    ("GET", "api.document"): Route(ASK, "/api/v1/documents/{document}"),
    ("GET", "api.text"): Route(ASK, "/api/v1/documents/{document}/text"),
    ("GET", "api.source"): Route(ASK, "/api/v1/documents/{document}/source"),
    ("GET", "api.context"): Route(ASK, "/api/v1/documents/{document}/context?start=0&end=9"),
    ("POST", "api.add_documents"): Route(CHANGE, "/api/v1/documents", 400, json=[]),
    ("DELETE", "api.remove_document"): Route(CHANGE, "/api/v1/documents/there-is-none", 404),
    ("GET", "openai.models"): Route(CLIENT, "/v1/models"),
    ("GET", "openai.model"): Route(CLIENT, "/v1/models/qa-service"),
    ("POST", "openai.chat"): Route(
        CLIENT, "/v1/chat/completions", json={"messages": [{"role": "user", "content": "Who mediated?"}]}
    ),
    ("POST", "openai.respond"): Route(CLIENT, "/v1/responses", json={"input": "Who mediated?"}),
    ("POST", "mcp.answer"): Route(
        CLIENT, "/mcp", json=CALL, headers={"Accept": "application/json, text/event-stream"}
    ),
    ("POST", "slack.events"): Route(
        SLACK, "/slack/events", json={"type": "url_verification", "challenge": "c"}
    ),
    ("POST", "slack.commands"): Route(SLACK, "/slack/commands", 400, form={"text": "no command"}),
    ("POST", "slack.interactive"): Route(SLACK, "/slack/interactive", 400, form={"payload": "{}"}),
    ("GET", "admin.static"): Route(OPEN, "/admin/static/desk.css"),
    ("GET", "admin.login"): Route(LOGIN, "/admin/login"),
    ("POST", "admin.sign_in"): Route(SIGN_IN, "/admin/login", 401, form={"key": "none"}),
    ("POST", "admin.sign_out"): Route(DESK_CHANGE, "/admin/logout", 303, form={}),
    ("GET", "admin.overview"): Route(DESK, "/admin"),
    ("GET", "admin.documents"): Route(DESK, "/admin/documents"),
    ("POST", "admin.add"): Route(DESK_CHANGE, "/admin/documents", 400, form={}),
    ("GET", "admin.confirm"): Route(DESK, "/admin/documents/{document}/remove"),
    ("POST", "admin.remove"): Route(DESK_CHANGE, "/admin/documents/there-is-none/remove", 404, form={}),
    ("GET", "admin.questions"): Route(DESK, "/admin/questions"),
    ("GET", "admin.rows"): Route(DESK, "/admin/questions.jsonl?id=none", 404),
    ("GET", "admin.feedback"): Route(DESK, "/admin/feedback"),
    ("POST", "hooks.outgoing"): Route(CHAT, "/hooks/slack-compatible", form={"text": "", "user_id": "u"}),
}

LET = 0  # stands for what the route answers
# What a class answers to whom; ``closed``: where QA_ANONYMOUS is false.
LETS = {
    OPEN: dict.fromkeys(CALLERS, LET),
    ASK: dict.fromkeys(CALLERS, LET)
    | {"ingest": 403, "revoked": 401, "none of ours": 401, "of another service": 401},
    CLIENT: dict.fromkeys(CALLERS, LET) | {"ingest": 403, "revoked": 401, "none of ours": 401},
    CHANGE: dict.fromkeys(CALLERS, 401) | {"ask": 403, "ingest": LET, "admin": LET},
    SLACK: dict.fromkeys(CALLERS, 401) | {"slack": LET},
    CHAT: dict.fromkeys(CALLERS, 401) | {"hook": LET},
    LOGIN: dict.fromkeys(CALLERS, LET) | {"desk": 303},  # is signed in already
    SIGN_IN: dict.fromkeys(CALLERS, 403) | {"desk": LET, "desk of a revoked key": LET},  # with a form's token
    DESK: dict.fromkeys(CALLERS, 303) | {"desk": LET},
    DESK_CHANGE: dict.fromkeys(CALLERS, 401) | {"desk": LET},
}
CLOSED = LETS | {
    ASK: LETS[ASK] | dict.fromkeys(KEYLESS, 401),
    CLIENT: LETS[CLIENT] | dict.fromkeys(KEYLESS | {"of another service"}, 401),
}


@dataclass(frozen=True)
class House:
    """A service with every channel switched on, the keys to it, and what stands for names in paths."""

    settings: Settings
    app: Flask
    keys: Mapping[str, str]
    named: Mapping[str, str]
    sessions: Mapping[str, Callable[[], str]]

    def call(self, method: str, route: Route, caller: str) -> int:
        """The status that a caller gets."""
        body, kind = self._body(route, caller)
        headers = {"Content-Type": kind, **route.headers, **self._proof(route, caller, body)}
        path = route.path.format(**self.named)
        client = self.app.test_client()
        if caller in self.sessions:
            session = self.sessions[caller]()
            client.set_cookie(cookies.PLAIN, session, path=cookies.PATH)
            headers[cookies.HEADER] = cookies.token(session)
        with client.open(path, method=method, data=body, headers=headers) as response:
            return response.status_code

    def _body(self, route: Route, caller: str) -> tuple[str, str]:
        if route.form is not None:
            token = (
                {"token": HOOK if caller == "hook" else "a-token-that-is-none"} if route.kind == CHAT else {}
            )
            pairs = {**route.form, **token}
            return "&".join(
                f"{name}={value}" for name, value in pairs.items()
            ), "application/x-www-form-urlencoded"
        text = "" if route.json is None else json.dumps(route.json)
        return text.replace("{answer}", self.named["answer"]), "application/json"

    def _proof(self, route: Route, caller: str, body: str) -> Mapping[str, str]:
        if caller in self.keys:
            return {"Authorization": f"Bearer {self.keys[caller]}"}
        if caller != "slack":
            return {}
        stamp = str(int(time.time()))
        signed = SignatureVerifier(SIGNING).generate_signature(timestamp=stamp, body=body)
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signed or ""}


def house_in(folder: Path) -> Iterator[House]:
    slack = {
        "SLACK_SIGNING_SECRET": SIGNING,
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "a client secret",
    }
    settings = settings_in(folder, QA_RECORD_ANSWERS="true", QA_HOOK_TOKENS=HOOK, **slack)
    service = ingested(settings)
    keys = {one.value: service.keys.create(one.value, frozenset({one}))[1] for one in Scope}
    made, keys["revoked"] = service.keys.create("revoked", frozenset(Scope))
    service.keys.revoke(made.id)
    gone, text = service.keys.create("gone", frozenset(Scope))
    session = service.sessions.begin(text)
    service.keys.revoke(gone.id)
    sessions = {
        "desk": lambda: str(service.sessions.begin(keys["admin"])),  # each call its own: one signs out
        "desk of a revoked key": lambda: str(session),
    }
    keys |= {"none of ours": f"qa_{'0' * 8}_{'A' * 43}", "of another service": "sk-none"}
    app = create_app(settings)
    answer = app.test_client().post("/api/v1/ask", json=QUESTION).json["id"]
    document = next(iter(service.answering.desk.edition.documents))
    named = {"answer": answer, "document": document, "unknown": secrets.token_urlsafe(24)}
    yield House(settings, app, keys, named, sessions)
    service.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    yield from house_in(tmp_path_factory.mktemp("open"))


@pytest.fixture(scope="module")
def closed(house: House) -> House:
    """The same, where nobody is anonymous."""
    app = create_app(house.settings.model_copy(update={"anonymous": False}))
    return House(house.settings, app, house.keys, house.named, house.sessions)


def routes_of(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method not in {"HEAD", "OPTIONS"}  # answered as GET is, and by Flask
    }


def test_every_route_and_method_stands_in_the_table(house: House) -> None:
    assert routes_of(house.app) == set(ROUTES)


@pytest.mark.parametrize("kept_out", ["everybody may ask", "a key is needed"])
def test_every_caller_gets_from_every_route_what_the_table_says(
    house: House, closed: House, kept_out: str
) -> None:
    asked, lets = (house, LETS) if kept_out == "everybody may ask" else (closed, CLOSED)
    found, expected = {}, {}
    for ((method, endpoint), route), caller in product(ROUTES.items(), CALLERS):
        name = f"{method} {endpoint} as {caller}"
        found[name] = asked.call(method, route, caller)
        expected[name] = lets[route.kind][caller] or route.let

    assert len(found) == len(ROUTES) * len(CALLERS)
    assert {name: status for name, status in found.items() if status != expected[name]} == {}


def test_a_head_is_kept_out_as_its_get_is(closed: House) -> None:
    for (method, endpoint), route in ROUTES.items():
        if method == "GET":
            for caller in ("nobody", "revoked", "ingest"):
                statuses = [closed.call(one, route, caller) for one in ("HEAD", "GET")]
                assert len({status if status in {401, 403} else "let in" for status in statuses}) == 1, (
                    endpoint
                )


# Whose it is

OWNERS = {
    "nobody": ANONYMOUS,
    "team": Principal(via=Via.TEAM, name="slack/T1"),
    "another team": Principal(via=Via.TEAM, name="slack/T2"),
}


@pytest.fixture
def conversations(house: House) -> Iterator[Mapping[str, str]]:
    """A conversation of each owner, by id."""
    service = Service(house.settings)
    made = {name: service.conversations.begin(owner).id for name, owner in OWNERS.items()}
    client = house.app.test_client()
    for key in ("ask", "admin"):
        made[key] = client.post("/api/v1/conversations", headers=bearer(house, key)).json["id"]
    yield made
    service.close()


def bearer(house: House, caller: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {house.keys[caller]}"} if caller in house.keys else {}


Request = Callable[[FlaskClient, str, dict[str, str]], Any]
WITH_AN_ID: dict[str, tuple[Request, int]] = {
    "read": (lambda client, one, sent: client.get(f"/api/v1/conversations/{one}", headers=sent), 200),
    "ask": (
        lambda client, one, sent: client.post(
            "/api/v1/ask", json=QUESTION | {"conversation_id": one}, headers=sent
        ),
        200,
    ),
    "ask with a reason": (
        lambda client, one, sent: client.post(
            "/api/v1/ask?explain=1", json=QUESTION | {"conversation_id": one}, headers=sent
        ),
        200,
    ),
    "judge": (
        lambda client, one, sent: client.post(
            "/api/v1/feedback",
            json={"answer_id": asked(client), "value": "up", "conversation_id": one},
            headers=sent,
        ),
        204,
    ),
    "forget": (lambda client, one, sent: client.delete(f"/api/v1/conversations/{one}", headers=sent), 204),
}


def asked(client: FlaskClient) -> str:
    found: str = client.post("/api/v1/ask", json=QUESTION).json["id"]
    return found


def test_the_requests_with_an_id_are_all_that_the_document_knows(house: House) -> None:
    """A new operation that takes a conversation's id has to be tried here as well."""
    document = house.app.test_client().get("/openapi.json").json
    taking = {
        name
        for name, schema in document["components"]["schemas"].items()
        if "conversation_id" in schema.get("properties", {})
    }
    paths = {path for path in document["paths"] if "conversation_id" in path}

    assert taking == {"AskBody", "FeedbackBody"}
    assert paths == {"/api/v1/conversations/{conversation_id}"}


@pytest.mark.parametrize("request_name", WITH_AN_ID)
def test_a_conversation_is_its_owners_alone(
    house: House, conversations: Mapping[str, str], request_name: str
) -> None:
    """Owners by callers: what is a team's or another key's is a 404, as if it had never been."""
    call, let = WITH_AN_ID[request_name]
    client = house.app.test_client()
    others = [
        (owner, caller) for owner in conversations for caller in ("nobody", "ask", "admin") if owner != caller
    ]

    for owner, caller in others:
        assert call(client, conversations[owner], bearer(house, caller)).status_code == 404, (owner, caller)
    for owner, caller in product(conversations, ("revoked", "none of ours")):
        assert call(client, conversations[owner], bearer(house, caller)).status_code == 401, (owner, caller)
    for owner in ("nobody", "ask", "admin"):
        assert call(client, conversations[owner], bearer(house, owner)).status_code == let, owner


def test_a_team_does_not_find_what_is_anothers(house: House, conversations: Mapping[str, str]) -> None:
    service = Service(house.settings)
    first = service.conversations.under(OWNERS["team"], "C1/1.1")
    second = service.conversations.under(OWNERS["another team"], "C1/1.1")
    service.close()

    assert first.id != second.id
    assert {first.id, second.id} & set(conversations.values()) == set()


def test_no_guess_finds_anything(house: House) -> None:
    client, found = house.app.test_client(), set()
    for _ in range(GUESSES):
        with client.get(f"/api/v1/conversations/{secrets.token_urlsafe(ID_BYTES)}") as response:
            found.add(response.status_code)

    assert found == {404}
