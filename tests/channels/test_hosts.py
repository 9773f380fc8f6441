"""A Host that is no name is a bad request on every route, in the form of each; every other name is served."""

import json
import time

import pytest
from flask import Flask
from pydantic import SecretStr
from werkzeug.test import EnvironBuilder, run_wsgi_app
from werkzeug.wrappers import Response

from channels.api.problems import is_problem
from qa_service.app import create_app
from qa_service.channels.hosts import base
from qa_service.settings import Settings

VALUES = {"name": "page.css", "version": "v1", "language": "de"}
WITHIN = 5.0  # seconds
BROKEN = ["xn--", "XN--", "xn--:8000", "a.xn--.example", "xn--zz--", "xn--a-ecp.ru", "xn--" * 2_000]
SOUND = [
    "localhost",
    "127.0.0.1:80",
    "[::1]:8000",
    "xn--nxasmq6b.example",
    "xn--n3h.net:80",
    "a_b:8000",
]


def called(app: Flask, host: str, method: str, path: str, body: object = None) -> Response:
    """The response to a request under that name. (The client of the tests would decode the name itself.)"""
    environ = EnvironBuilder(path, method=method, json=body).get_environ() | {"HTTP_HOST": host}
    chunks, status, headers = run_wsgi_app(app, environ, buffered=True)
    return Response(chunks, status, headers)


def test_on_every_route(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"hook_tokens": SecretStr("a-token-of-a-chat-is-long")}))
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        path = adapter.build(rule.endpoint, {name: VALUES.get(name, "x") for name in rule.arguments})
        for method in rule.methods or ():
            response = called(app, "xn--", method, path)
            assert response.status_code == 400, (method, path)
            assert response.headers["X-Request-Id"]


@pytest.mark.parametrize("host", BROKEN, ids=range(len(BROKEN)))
@pytest.mark.parametrize("path", ["/", "/nope", "/api/v1/documents"])
def test_a_broken_name_is_told(app: Flask, path: str, host: str) -> None:
    started = time.perf_counter()
    response = called(app, host, "GET", path)

    told = is_problem(400, response.headers, response.get_data())
    assert str(told["detail"]).startswith("The Host header is no name")
    assert time.perf_counter() - started < WITHIN


def test_a_chat_client_gets_its_own_form(app: Flask) -> None:
    asked = {"messages": [{"role": "user", "content": "Who mediated?"}]}
    response = called(app, "xn--", "POST", "/v1/chat/completions", asked)

    assert response.status_code == 400
    assert json.loads(response.get_data())["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize("host", SOUND)
def test_every_other_name_is_served(app: Flask, host: str) -> None:
    assert called(app, host, "GET", "/").status_code == 200


def reached(app: Flask, settings: Settings, host: str) -> str:
    """Where links lead that are made for a request under that name."""
    environ = EnvironBuilder("/").get_environ() | {"HTTP_HOST": host}
    with app.request_context(environ):
        return base(settings)


@pytest.mark.parametrize("host", SOUND)
def test_links_lead_to_where_it_is_reached(app: Flask, settings: Settings, host: str) -> None:
    made = reached(app, settings, host)

    assert made.startswith("http://")
    assert made.endswith("/")
    if "xn--" not in host:  # which is shown decoded
        assert made == f"http://{host.removesuffix(':80')}/"
    assert f"{made}widget/" in called(app, host, "GET", "/").get_data(as_text=True)


@pytest.mark.parametrize("host", ["<b>", "a b", "a/b", 'a"b', "a_b:99999999", "a_b:x", "_@b", "é", "a_b\n"])
def test_under_a_name_that_is_none_links_are_paths(app: Flask, settings: Settings, host: str) -> None:
    assert reached(app, settings, host) == "/"
    assert "http:///" not in called(app, host, "GET", "/").get_data(as_text=True)


def test_where_the_settings_name_an_address_it_is_that(app: Flask, settings: Settings) -> None:
    public = settings.model_copy(update={"public_url": "https://answers.example.org/"})
    assert {reached(app, public, host) for host in (*SOUND, "<b>")} == {"https://answers.example.org/"}
