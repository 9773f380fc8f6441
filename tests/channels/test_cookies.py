"""The desk's cookie and the token of its forms; `admin/test_signing.py` asks a whole application."""

import re
from typing import Any

import pytest
from flask import Flask, Response

from qa_service.channels import cookies
from qa_service.settings import Settings, load

SETTINGS = load({})
OVER_TLS = SETTINGS.model_copy(update={"public_url": "https://qa.example.org"})
IN_THE_CLEAR = SETTINGS.model_copy(update={"public_url": "http://qa.example.org/https:"})
APP = Flask("cookies")


def given(settings: Settings, seconds: int | None = None, base: str = "http://localhost") -> set[str]:
    with APP.test_request_context(base_url=base):
        response = Response()
        cookies.give(response, settings, "chance", seconds)
    return set(response.headers["Set-Cookie"].split("; "))


def ours(settings: Settings = SETTINGS, *, cookie: str = "qa-desk=chance", **values: Any) -> bool:
    headers = {"Cookie": cookie} | values.pop("headers", {})
    with APP.test_request_context(method="POST", headers=headers, **values):
        return cookies.ours(settings)


def test_in_the_clear_it_is_the_desks_and_strict() -> None:
    assert given(SETTINGS) == {"qa-desk=chance", "HttpOnly", "Path=/admin", "SameSite=Strict"}
    assert given(IN_THE_CLEAR) == given(SETTINGS)


def test_over_tls_it_is_the_hosts_alone() -> None:
    strict = {"__Host-qa-desk=chance", "HttpOnly", "Path=/", "SameSite=Strict", "Secure"}

    assert given(OVER_TLS) == strict
    assert given(SETTINGS, base="https://localhost") == strict


def test_it_is_kept_as_long_as_is_said() -> None:
    assert "Max-Age=60" in given(SETTINGS, 60)


@pytest.mark.parametrize(
    ("settings", "cookie", "value"),
    [
        (SETTINGS, "qa-desk=a", "a"),
        (SETTINGS, "__Host-qa-desk=a", ""),
        (OVER_TLS, "__Host-qa-desk=a", "a"),
        (OVER_TLS, "qa-desk=a", ""),
        (SETTINGS, "other=a", ""),
    ],
)
def test_only_the_one_of_this_way_is_believed(settings: Settings, cookie: str, value: str) -> None:
    with APP.test_request_context(headers={"Cookie": cookie}):
        assert cookies.value(settings) == value


def test_chance_cannot_be_guessed() -> None:
    found = {cookies.chance() for _ in range(100)}

    assert len(found) == 100
    assert all(re.fullmatch(r"[\w-]{43}", one) for one in found)  # 32 bytes in base 64


def test_the_token_is_of_one_cookie_and_does_not_tell_it() -> None:
    assert cookies.token("chance") != cookies.token("chances")
    assert re.fullmatch(r"[0-9a-f]{64}", cookies.token("chance"))


TOKEN = cookies.token("chance")


@pytest.mark.parametrize("sent", [{"data": {"token": TOKEN}}, {"headers": {"X-Form-Token": TOKEN}}])
def test_a_form_with_the_token_is_ours(sent: dict[str, Any]) -> None:
    assert ours(**sent)
    assert not ours(cookie="qa-desk=another", **sent)
    assert not ours(cookie="other=chance", **sent)


@pytest.mark.parametrize("token", ["", "x", TOKEN[:-1], TOKEN + "0", cookies.token(""), "ü"])
def test_one_with_another_is_not(token: str) -> None:
    assert not ours(data={"token": token})
    assert not ours()


def test_a_form_for_no_cookie_is_none() -> None:
    assert not ours(cookie="", data={"token": cookies.token("")})


@pytest.mark.parametrize(
    ("headers", "here"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, False),
        ({"Sec-Fetch-Site": "", "Origin": "http://localhost"}, False),
        ({"Sec-Fetch-Site": "none", "Origin": "https://evil.example"}, True),
        ({"Origin": "null"}, True),
        ({"Origin": "http://localhost"}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "http://["}, False),
        ({"Origin": ""}, False),
    ],
)
def test_from_where_a_form_may_come(headers: dict[str, str], here: bool) -> None:
    assert ours(headers=headers, data={"token": TOKEN}) is here


def test_what_changes_nothing_needs_no_form() -> None:
    assert {"GET", "HEAD", "OPTIONS"} == cookies.SAFE
