"""Who may be at the desk: a cookie that nobody else has, forms that only the desk has, and an end to both."""

import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from flask import Flask

from channels.admin.desks import Desk
from qa_service.app import create_app
from qa_service.channels import cookies
from qa_service.channels.admin.views import TRIES
from qa_service.domain.principal import Scope
from qa_service.store.engine import sqlite3

STRICT = {"HttpOnly", "SameSite=Strict"}


def attributes(header: str) -> tuple[str, set[str]]:
    """The name of a cookie, and what it is restricted to."""
    pair, *rest = header.split("; ")
    return pair.partition("=")[0], set(rest)


def changing(app: Flask) -> Iterator[tuple[str, str]]:
    """Every method and path of the desk that changes something."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("admin."):
            path = re.sub(r"<[^>]+>", "x", rule.rule)
            yield from ((method, path) for method in sorted((rule.methods or set()) - cookies.SAFE))


def test_an_admin_key_opens_it_and_the_cookie_is_strict(desk: Desk) -> None:
    browser = desk.browser()
    before = attributes(browser.get("/admin/login").headers["Set-Cookie"])
    anonymous = browser.cookie
    response = browser.sign_in(desk.key)

    assert response.headers["Location"] == "/admin"
    name, restricted = attributes(response.headers["Set-Cookie"])
    assert name == cookies.PLAIN
    assert restricted >= STRICT | {"Path=/admin", "Max-Age=3600"}
    assert before[0] == cookies.PLAIN and before[1] >= STRICT
    assert browser.get("/admin").status_code == 200
    assert browser.cookie not in {anonymous, desk.key}, "another one than before, and not the key"
    assert desk.key_id not in browser.cookie


@pytest.mark.parametrize("said", ["the request", "the settings"])
def test_over_tls_it_is_the_hosts_alone_and_never_sent_in_the_clear(desk: Desk, said: str) -> None:
    settings = desk.service.settings.model_copy(
        update={"public_url": "https://qa.example.org/"} if said == "the settings" else {}
    )
    base = "https://localhost" if said == "the request" else "http://localhost"
    client = create_app(settings).test_client()
    response = client.get("/admin/login", base_url=base)

    name, restricted = attributes(response.headers["Set-Cookie"])
    assert name == cookies.STRICT
    assert restricted == STRICT | {"Secure", "Path=/"}
    client.set_cookie(cookies.PLAIN, desk.service.sessions.begin(desk.key) or "", path=cookies.PATH)
    assert client.get("/admin", base_url=base).status_code == 303, "the lax name is not believed"


def test_the_form_works_in_two_tabs_and_after_a_wrong_key(desk: Desk) -> None:
    browser = desk.browser()
    browser.get("/admin/login")
    first = browser.cookie
    browser.get("/admin/login")
    assert browser.post("/admin/login", {"key": "qa_none"}).status_code == 401
    assert browser.cookie == first
    assert browser.post("/admin/login", {"key": desk.key}).status_code == 303


def test_a_cookie_that_was_planted_before_is_worth_nothing_after(desk: Desk) -> None:
    browser = desk.browser()
    browser.client.set_cookie(cookies.PLAIN, "planted", path=cookies.PATH)
    assert browser.sign_in(desk.key).status_code == 303

    assert browser.cookie != "planted"
    thief = desk.app.test_client()
    thief.set_cookie(cookies.PLAIN, "planted", path=cookies.PATH)
    assert thief.get("/admin").status_code == 303


def test_no_other_key_opens_it(desk: Desk) -> None:
    keys = desk.service.keys
    others = [keys.create("x", frozenset({one}))[1] for one in (Scope.ASK, Scope.INGEST)]
    browser = desk.browser()
    for text in [*others, "", "qa_none", desk.key[:-1], "' OR 1=1 --", "<b>"]:
        response = browser.sign_in(text)
        assert response.status_code == 401
        assert "<b>" not in response.text
        assert browser.get("/admin").status_code == 303


def test_a_key_in_a_header_is_no_cookie(desk: Desk) -> None:
    for headers in ({"Authorization": f"Bearer {desk.key}"}, {"X-API-Key": desk.key}):
        assert desk.browser().get("/admin", headers=headers).status_code == 303


def test_every_change_needs_the_token_of_a_form(desk: Desk) -> None:
    browser = desk.signed_in()
    found = list(changing(desk.app))
    assert len(found) == 4
    for method, path in found:
        for token in ("", "x", cookies.token("another"), browser.cookie):
            response = browser.client.open(path, method=method, data={cookies.FIELD: token})
            assert response.status_code == 403, (method, path)
    assert browser.get("/admin").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:8080"},
        {"Origin": "http://["},
    ],
)
def test_a_page_elsewhere_cannot_act_even_with_the_token(desk: Desk, headers: dict[str, str]) -> None:
    browser = desk.signed_in()
    for _, path in changing(desk.app):
        assert browser.post(path, headers=headers).status_code == 403
    assert desk.browser().sign_in(desk.key, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {"Origin": "null"}]
)
def test_a_form_of_ours_can(desk: Desk, headers: dict[str, str]) -> None:
    assert desk.browser().sign_in(desk.key, headers=headers).status_code == 303


def test_reading_changes_nothing_in_the_store(desk: Desk) -> None:
    browser = desk.signed_in()
    desk.service.keys.principal(desk.key)
    with closing(sqlite3.connect(str(desk.service.settings.store_path))) as other:
        before = other.execute("PRAGMA data_version").fetchone()
        for rule in desk.app.url_map.iter_rules():
            if rule.endpoint.startswith("admin.") and "GET" in (rule.methods or ()):
                path = re.sub(r"<[^>]+>", "x", rule.rule)
                assert browser.get(path).status_code in {200, 303, 404}
        assert other.execute("PRAGMA data_version").fetchone() == before


def test_signing_out_ends_the_session_everywhere(desk: Desk) -> None:
    browser = desk.signed_in()
    stolen = browser.cookie
    assert browser.post("/admin/logout").headers["Location"] == "/admin/login"

    assert browser.cookie == ""
    thief = desk.app.test_client()
    thief.set_cookie(cookies.PLAIN, stolen, path=cookies.PATH)
    assert thief.get("/admin").status_code == 303


def test_a_revoked_key_ends_it(desk: Desk) -> None:
    browser = desk.signed_in()
    desk.service.keys.revoke(desk.key_id)

    assert browser.get("/admin").headers["Location"] == "/admin/login"
    assert browser.post("/admin/documents").status_code == 401


def test_tries_are_counted(desk: Desk) -> None:
    browser = desk.browser()
    statuses = [browser.sign_in("qa_none").status_code for _ in range(TRIES + 2)]

    assert statuses == [401] * TRIES + [429] * 2
    response = browser.sign_in(desk.key)
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0


def test_nobody_is_sent_anywhere_else(desk: Desk) -> None:
    """There is no address in a request that a redirect would follow."""
    browser = desk.browser()
    for path in ("//evil.example/admin", "/admin//evil.example", "/admin/?next=//evil.example"):
        location = browser.get(path).headers.get("Location", "/")
        assert not re.match(r"(?:https?:)?//(?!localhost)|/\\", location), location
    browser.get("/admin/login?next=//evil.example")
    assert browser.post("/admin/login?next=//evil.example", {"key": desk.key}).headers["Location"] == "/admin"


def test_a_store_that_cannot_be_used_is_an_outage(desk: Desk) -> None:
    browser = desk.signed_in()
    path = desk.service.settings.store_path
    desk.service.close()
    for file in path.parent.glob("store.db*"):
        file.unlink()
    path.write_bytes(b"this is no store")

    response = browser.get("/admin")
    assert response.status_code == 503
    assert "cannot be used" in response.text
