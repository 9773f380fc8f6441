"""Who may do what: every route has its rule, every kind of caller gets what the rule says."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from building import ingested, settings_in
from flask.testing import FlaskClient

from channels.api.problems import MARKER, is_problem
from channels.running import Server, serving
from qa_service.app import create_app
from qa_service.channels.access import RULES, denial, rule
from qa_service.domain.errors import ForbiddenError, TooManyError, UnknownCallerError
from qa_service.domain.principal import Scope
from qa_service.settings import Settings
from qa_service.wiring import Service

Client = Callable[..., FlaskClient]
QUESTION = {"question": "Who mediated?"}
FAR = {"X-Forwarded-For": "203.0.113.7"}


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    settings = settings_in(tmp_path)
    ingested(settings).store.close()
    return settings


@pytest.fixture
def client_of(own: Settings) -> Client:
    """A client of the same store under other settings: ``client_of(anonymous=False)``."""

    def made(**values: object) -> FlaskClient:
        return create_app(own.model_copy(update=values)).test_client()

    return made


@pytest.fixture
def keys(own: Settings) -> Iterator[dict[str, str]]:
    """A key of each scope, and one that was revoked."""
    service = Service(own)
    texts = {one.value: service.keys.create(one.value, frozenset({one}))[1] for one in Scope}
    made, texts["revoked"] = service.keys.create("revoked", frozenset(Scope))
    service.keys.revoke(made.id)
    yield texts
    service.close()


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


def test_every_route_stands_in_the_table(client_of: Client) -> None:
    """A route that is new needs a row in RULES: its own, or its blueprint's."""
    app = client_of().application
    endpoints = {one.endpoint for one in app.url_map.iter_rules()}

    assert {one for one in endpoints if one not in RULES and one.partition(".")[0] not in RULES} == set()
    asked = {"api.ask", "api.search", "openai.chat", "openai.respond"}
    assert asked <= {one for one in endpoints if rule(one).counted}


@pytest.fixture(scope="module")
def endpoints(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Those of an application with every channel."""
    slack = {"SLACK_SIGNING_SECRET": "x", "SLACK_CLIENT_ID": "1", "SLACK_CLIENT_SECRET": "2"}
    settings = settings_in(tmp_path_factory.mktemp("all"), QA_HOOK_TOKENS="a token of 16 letters", **slack)
    return {one.endpoint for one in create_app(settings).url_map.iter_rules()}


def test_every_row_names_a_route_or_a_channel(endpoints: set[str]) -> None:
    assert set(RULES) <= endpoints | {one.partition(".")[0] for one in endpoints}


PROVED = {"slack.events", "slack.commands", "slack.interactive", "hooks.outgoing"}  # by what they send
SHIPPED = {"web.static", "admin.static", "widget.served", "widget.words", "described.docs"}
OPEN = {"admin.login", "admin.sign_in", "slack.install", "slack.oauth_redirect", "described.openapi"}
PROBES = {"operations.healthz", "operations.readyz", "measured.shown"}
ASKED = {"api.ask", "api.search", "api.divergences", "api.timeline", "api.verify", "api.begin", "api.judge"}
LOOKED_FOR = {"api.answer", "api.evidence", "slack.install", "slack.oauth_redirect"}
CHATS = {"openai.chat", "openai.respond", "mcp.answer"}
PAGES = {"web.demo", "web.embed"}


def test_what_needs_no_key_is_what_proves_itself_or_is_the_same_for_all(endpoints: set[str]) -> None:
    assert {one for one in endpoints if rule(one).scope is None} == PROVED | SHIPPED | OPEN | PROBES


def test_what_costs_work_is_counted(endpoints: set[str]) -> None:
    assert {one for one in endpoints if rule(one).counted} == ASKED | LOOKED_FOR | CHATS | PAGES
    assert {one for one in endpoints if rule(one).when == "q"} == PAGES
    assert {one for one in endpoints if rule(one).when is not None} == PAGES


def test_what_changes_the_index_needs_its_scope_and_the_desk_a_cookie(endpoints: set[str]) -> None:
    desk = {one for one in endpoints if one.startswith("admin.")} - {"admin.login", "admin.sign_in"} - SHIPPED

    assert {one for one in endpoints if rule(one).scope is Scope.INGEST} == {
        "api.add_documents",
        "api.remove_document",
    }
    assert {one for one in endpoints if rule(one).scope is Scope.ADMIN} == desk
    assert {one for one in endpoints if rule(one).browser} == desk


def test_only_clients_that_always_send_a_key_may_send_one_of_others(endpoints: set[str]) -> None:
    assert {one for one in endpoints if rule(one).foreign} == CHATS | {"openai.models", "openai.model"}


def test_a_route_that_stands_nowhere_is_a_question() -> None:
    assert rule("new.route") == rule("api.ask")
    assert rule("api.of_tomorrow").scope is Scope.ASK


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        *(("127.0.0.1", False), ("127.8.8.8", False), ("::1", False), ("::ffff:127.0.0.1", False)),
        *(("12.7.0.1", True), ("203.0.113.127", True), ("::ffff:203.0.113.7", True), ("", True)),
    ],
)
def test_who_is_this_machine(client_of: Client, address: str, counted: bool) -> None:
    client = client_of(anonymous_per_minute=1)
    far = {"environ_base": {"REMOTE_ADDR": address}}
    found = [client.post("/api/v1/verify", json={"citations": []}, **far).status_code for _ in range(7)]

    assert (429 in found) is counted


def test_a_denial_says_what_to_do() -> None:
    assert denial(TooManyError("often", 7)) == (429, {"Retry-After": "7"})
    assert denial(ForbiddenError("scope")) == (403, {})
    assert denial(UnknownCallerError("who")) == (401, {"WWW-Authenticate": "Bearer"})


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (None, 200),
        ("ask", 200),
        ("admin", 200),
        ("ingest", 403),
        ("revoked", 401),
        (f"qa_{MARKER}", 401),
    ],
)
def test_who_may_ask(client_of: Client, keys: dict[str, str], sent: str | None, status: int) -> None:
    text = keys.get(sent, sent) if sent else None
    for headers in ({},) if text is None else (bearer(text), {"X-API-Key": text}):
        response = client_of().post("/api/v1/ask", json=QUESTION, headers=headers)
        assert response.status_code == status
        if status != 200:
            is_problem(status, response.headers, response.data)
            assert (response.headers.get("WWW-Authenticate") == "Bearer") is (status == 401)


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "bearer x", "qa_x", "Bearer a b"])
def test_an_authorization_that_is_none_is_a_401(client_of: Client, header: str) -> None:
    response = client_of().post("/api/v1/ask", json=QUESTION, headers={"Authorization": header})

    is_problem(401, response.headers, response.data)


@pytest.mark.parametrize("header", ["Basic YTpi", 'Digest username="a"', ""])
def test_a_proxys_own_authorization_is_no_key(client_of: Client, keys: dict[str, str], header: str) -> None:
    sent = {"Authorization": header}
    for path in ("/", "/embed", "/api/v1/search?q=dam", "/v1/models"):
        assert client_of().get(path, headers=sent).status_code == 200, path

    client = client_of(anonymous=False)
    assert client.get("/api/v1/documents", headers=sent).status_code == 401
    with_key = sent | {"X-API-Key": keys["ask"]}
    assert client.get("/api/v1/documents", headers=with_key).status_code == 200


def test_where_nobody_is_anonymous_a_key_is_needed(client_of: Client, keys: dict[str, str]) -> None:
    client = client_of(anonymous=False)
    for path in ("/api/v1/documents", "/api/v1/search?q=dam", "/v1/models"):
        assert client.get(path).status_code == 401, path
        assert client.get(path, headers=bearer(keys["ask"])).status_code == 200, path
    for path in ("/healthz", "/readyz", "/openapi.json"):
        assert client.get(path).status_code == 200, path


def test_a_client_that_always_sends_a_key_may_send_one_that_is_not_ours(
    client_of: Client, keys: dict[str, str]
) -> None:
    client = client_of()
    for text, status in (("sk-none", 200), (keys["ask"], 200), (keys["revoked"], 401)):
        assert client.get("/v1/models", headers=bearer(text)).status_code == status
    assert client_of(anonymous=False).get("/v1/models", headers=bearer("sk-none")).status_code == 401


def test_a_key_owns_its_conversations(client_of: Client, own: Settings, keys: dict[str, str]) -> None:
    client = client_of()
    mine = client.post("/api/v1/conversations", headers=bearer(keys["ask"])).json["id"]
    path = f"/api/v1/conversations/{mine}"

    assert client.get(path, headers=bearer(keys["ask"])).status_code == 200
    assert client.get(path).status_code == 404
    assert client.get(path, headers=bearer(keys["admin"])).status_code == 404
    asked = QUESTION | {"conversation_id": mine}
    assert client.post("/api/v1/ask", json=asked).status_code == 404
    assert client.post("/api/v1/ask", json=asked, headers=bearer(keys["ask"])).status_code == 200


# How often


def statuses(client: FlaskClient, times: int, **headers: str) -> list[int]:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return [client.post("/api/v1/ask", json=QUESTION, headers=sent).status_code for _ in range(times)]


def test_who_asks_too_often_is_told_when_to_ask_again(client_of: Client) -> None:
    client = client_of(anonymous_per_minute=2, limit_loopback=True)
    assert statuses(client, 11) == [200] * 10 + [429]

    response = client.post("/api/v1/ask", json=QUESTION)
    is_problem(429, response.headers, response.data)
    assert 1 <= int(response.headers["Retry-After"]) <= 30
    assert client.get("/api/v1/documents").status_code == 200
    unknown = f"/api/v1/answers/{'0' * 20}"
    for path in ("/api/v1/search?q=dam", unknown, f"{unknown}/evidence"):
        assert client.get(path).status_code == 429, path


def test_the_page_counts_too_and_says_so_to_a_reader(client_of: Client) -> None:
    client = client_of(anonymous_per_minute=1, limit_loopback=True)
    assert [client.get("/?q=Who+mediated%3F").status_code for _ in range(6)] == [200] * 5 + [429]

    told = client.get("/?q=Who+mediated%3F")
    assert told.content_type.startswith("text/html")
    assert "ask again in" in told.text
    assert int(told.headers["Retry-After"]) > 0
    assert client.get("/").status_code == 200
    with client.get("/static/page.css") as style:
        assert style.status_code == 200


def test_where_nobody_is_anonymous_there_is_no_page(client_of: Client) -> None:
    client = client_of(anonymous=False)
    for path in ("/", "/?q=Who+mediated%3F"):
        found = client.get(path)
        assert (found.status_code, found.content_type) == (401, "text/html; charset=utf-8")


def test_a_key_without_the_scope_gets_a_page_that_says_so(client_of: Client, keys: dict[str, str]) -> None:
    for path in ("/", "/embed"):
        found = client_of().get(path, headers=bearer(keys["ingest"]))
        assert (found.status_code, found.content_type) == (403, "text/html; charset=utf-8")
        assert "does not have the scope" in found.text


def test_a_framing_site_sees_why_its_readers_are_denied(client_of: Client, own: Settings) -> None:
    site = {"embed_origins": "https://site.example"}
    closed = client_of(anonymous=False, **site)
    often = client_of(anonymous_per_minute=1, limit_loopback=True, **site)
    asked = "/embed?q=Who+mediated%3F"
    found = [closed.get(asked), *[often.get(asked) for _ in range(6)]]
    broken = client_of(**site)
    own.store_path.write_bytes(b"no database at all" * 100)
    found.append(broken.get(asked))

    assert [one.status_code for one in found] == [401, *[200] * 5, 429, 503]
    for one in found:
        assert one.headers["Content-Security-Policy"].endswith("frame-ancestors https://site.example")
    assert closed.get("/").headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")


def test_a_key_is_not_counted(client_of: Client, keys: dict[str, str]) -> None:
    client = client_of(anonymous_per_minute=1, limit_loopback=True)

    assert statuses(client, 20, **bearer(keys["ask"])) == [200] * 20


def test_this_machine_is_not_counted_unless_it_is_said(client_of: Client) -> None:
    assert statuses(client_of(anonymous_per_minute=1), 20) == [200] * 20
    assert 429 not in statuses(client_of(anonymous_per_minute=0, limit_loopback=True), 20)


def test_a_forged_address_is_not_believed(client_of: Client, caplog: pytest.LogCaptureFixture) -> None:
    client = client_of(anonymous_per_minute=1, limit_loopback=True)
    found = [statuses(client, 1, X_Forwarded_For=f"203.0.113.{number}")[0] for number in range(20)]
    assert found == [200] * 5 + [429] * 15

    statuses(client_of(), 2, X_Forwarded_For="203.0.113.1")
    assert caplog.text.count("QA_TRUSTED_PROXIES") == 1


def test_behind_a_trusted_proxy_its_callers_are_counted_apart(client_of: Client) -> None:
    client = client_of(anonymous_per_minute=1, trusted_proxies=1)

    for number in range(3):
        assert statuses(client, 6, X_Forwarded_For=f"203.0.113.{number}") == [200] * 5 + [429]
        assert statuses(client, 1, X_Forwarded_For=f"203.0.113.{number}:{4000 + number}") == [429]
    for number in range(3):  # what a caller claims stands left of what the proxy saw
        assert statuses(client, 1, X_Forwarded_For=f"198.51.100.{number}, 203.0.113.1") == [429]


def test_workers_count_together(own: Settings) -> None:
    """Four workers, one allowance; forged addresses beside the proxy's do not widen it."""
    values = {"QA_ANONYMOUS_PER_MINUTE": "6", "QA_TRUSTED_PROXIES": "1", "WEB_CONCURRENCY": "4"}
    with serving(QA_STORE=own.store, QA_RECORD_ANSWERS="false", **values) as server:
        found = [asked_from(server, f"10.0.0.{number}, 203.0.113.7") for number in range(120)]
        assert asked_from(server, "203.0.113.8") == 200
    assert 30 <= found.count(200) <= 33
    assert set(found) == {200, 429}


def asked_from(server: Server, forwarded: str) -> int:
    headers = {"Content-Type": "application/json", "X-Forwarded-For": forwarded}
    return server.request("POST", "/api/v1/ask", json.dumps(QUESTION).encode(), headers).status


def test_a_key_that_is_revoked_is_refused_by_every_worker(own: Settings) -> None:
    service = Service(own)
    made, text = service.keys.create("a reader", frozenset({Scope.ASK}))
    with serving(QA_STORE=own.store, WEB_CONCURRENCY="3") as server:
        before = {server.request("GET", "/api/v1/documents", headers=bearer(text)).status for _ in range(12)}
        service.keys.revoke(made.id)
        after = {server.request("GET", "/api/v1/documents", headers=bearer(text)).status for _ in range(12)}
    service.close()

    assert (before, after) == ({200}, {401})


def test_what_is_not_there_and_what_may_be_asked_need_no_key(client_of: Client) -> None:
    client = client_of(anonymous=False)

    assert client.get("/nowhere").status_code == 404
    assert client.options("/api/v1/ask").status_code == 200
