"""A shared cache before the service gives nobody what another one brought about."""

import json
from collections.abc import Iterator, Mapping

import pytest
from flask import Flask

from channels.poisoning import CANARY, PROBES, Response, asked
from channels.running import serving
from qa_service.settings import Settings

VALUES = {"version": "v1", "language": "de"}
ASKED = "/?q=Who+mediated%3F"
NOT_THERE = "/documents/x"
KEPT = {"/static/page.css", "/admin/static/desk.css", "/widget/v1/qa-widget.js", "/widget/v1/words/de.json"}
SHOWN = {  # where what was sent stands in a response that nobody keeps
    "Host": {"/"},  # links lead to where the service is reached, unless QA_PUBLIC_URL says it
    "X-Request-Id": None,  # in every one
}
UNREADABLE = {"Expect", "Transfer-Encoding", "two hosts", "a head too large", "too many lines"} | {
    "a line that is none",
    "a folded line",
    "a control sign",
}
# Who sends these asks for a part, under a condition, or as somebody that nobody knows.
OTHERWISE = (
    UNREADABLE
    | {"Range", "Range beyond the end", "If-Match", "If-Unmodified-Since"}
    | {
        "Authorization",
        "X-API-Key",
    }
)


@pytest.fixture(scope="module")
def port(settings: Settings, service: object) -> Iterator[int]:
    """A server to which another origin may come, too."""
    values = {"QA_RECORD_ANSWERS": "false", "QA_CORS_ORIGINS": "https://a.example"}
    with serving(QA_STORE=settings.store, **values) as server:
        yield server.port


@pytest.fixture(scope="module")
def plain(app: Flask, port: int) -> Mapping[str, Response]:
    """Every address that can be got, and what who asks for it and nothing else is told."""
    adapter = app.url_map.bind("localhost")
    paths = [ASKED]
    for rule in app.url_map.iter_rules():
        values = VALUES | {"name": "desk.css" if rule.endpoint == "admin.static" else "page.css"}
        if "GET" in (rule.methods or ()):
            paths.append(
                adapter.build(rule.endpoint, {name: values.get(name, "x") for name in rule.arguments})
            )
    return {path: asked(port, path) for path in paths}


def test_what_may_be_kept_is_static_and_the_same_every_time(port: int, plain: Mapping[str, Response]) -> None:
    assert len(plain) > 30
    assert {path for path, response in plain.items() if response.kept} == KEPT
    for path in KEPT:
        assert plain[path].status == 200
        assert asked(port, path).same(plain[path])


@pytest.mark.parametrize("name", PROBES)
def test_no_probe_leaves_anything_for_others(port: int, plain: Mapping[str, Response], name: str) -> None:
    for path, clean in plain.items():
        if clean.status >= 400 and path != NOT_THERE:
            continue
        response = asked(port, path, PROBES[name])
        if response.kept and not response.partial:
            apart = name.lower() in response.named("vary").lower().split(", ")
            assert response.same(clean) or apart, (path, response)
        if name not in OTHERWISE and not PROBES[name].query:  # an unknown parameter may be told
            assert response.status == clean.status, path  # nothing else is reached by it
        if response.holds(CANARY):
            assert not response.kept, (path, response)
            assert name in SHOWN, (path, response)
            assert path in (SHOWN[name] or plain), path


@pytest.mark.parametrize("name", sorted(UNREADABLE))
def test_what_is_no_http_is_told_in_the_form_of_errors(port: int, name: str) -> None:
    for path in ("/static/page.css", "/api/v1/documents"):
        response = asked(port, path, PROBES[name])

        assert 400 <= response.status <= 501
        assert response.named("content-type") == "application/problem+json"
        assert response.named("cache-control") == "private, no-store"
        told = json.loads(response.body)
        assert told["status"] == response.status
        assert told["request_id"] == response.named("x-request-id")


def test_a_condition_that_fails_is_nobody_elses(port: int) -> None:
    """A cache that was told to keep the file would keep the failure as long."""
    for path in KEPT:
        response = asked(port, path, PROBES["If-Match"])

        assert response.status == 412
        assert response.named("cache-control") == "private, no-store"
