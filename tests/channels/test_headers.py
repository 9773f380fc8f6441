"""Every response of every route carries the security headers."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

POLICY = "default-src 'none'"
KEPT = {
    "/static/": "public, max-age=3600",
    "/admin/static/": "public, max-age=3600",
    "/widget/": "public, max-age=300",
}
VALUES = {"name": "page.css", "version": "v1", "language": "de"}


def has_headers(client: FlaskClient, path: str, method: str) -> None:
    with client.open(path, method=method) as response:
        headers = response.headers
    assert headers["Content-Security-Policy"].startswith(POLICY)
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    kept = [cached for start, cached in KEPT.items() if path.startswith(start) and method != "OPTIONS"]
    cached = kept[0] if kept else "private, no-store"
    if path == "/api/v1/documents" and method in {"GET", "HEAD"}:
        cached = "private, no-cache"  # it has an ETag
    assert ("X-Request-Id" in headers) is not headers["Cache-Control"].startswith("public")
    assert headers["Cache-Control"] == cached
    assert len(headers.getlist("Cache-Control")) == len(headers.getlist("Content-Security-Policy")) == 1


def test_on_every_route_of_the_application(app: Flask, client: FlaskClient) -> None:
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        values = VALUES | {"name": "desk.css" if rule.endpoint == "admin.static" else "page.css"}
        path = adapter.build(rule.endpoint, {name: values.get(name, "x") for name in rule.arguments})
        for method in rule.methods or ():
            has_headers(client, path, method)


@pytest.mark.parametrize("path", ["/nope", "/api/v1/nope", "/api/v1/search", "/api/v1/documents/nope"])
def test_on_errors(client: FlaskClient, path: str) -> None:
    has_headers(client, path, "GET")
    has_headers(client, path, "POST")


def test_a_static_file_is_of_its_kind(client: FlaskClient) -> None:
    for name, kind in {"page.css": "text/css", "icon.svg": "image/svg+xml"}.items():
        with client.get(f"/static/{name}") as response:
            assert response.content_type == f"{kind}; charset=utf-8"
    for outside in ("/static/../page.py", "/static/%2e%2e/page.py", "/static//etc/passwd", "/static/"):
        assert client.get(outside).status_code in {308, 404}
