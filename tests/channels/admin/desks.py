"""A desk over a store of a test's own, and somebody who is signed in at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from qa_service.channels import cookies
from qa_service.domain.principal import Scope
from qa_service.wiring import Service


@dataclass
class Desk:
    """The application, the service beside it, and the text of an admin key."""

    app: Flask
    service: Service
    key: str
    key_id: str

    def browser(self) -> "Browser":
        """One that nobody is signed in with."""
        return Browser(self.app.test_client())

    def signed_in(self) -> "Browser":
        """One that the holder of the key is signed in with."""
        browser = self.browser()
        assert browser.sign_in(self.key).status_code == 303
        return browser


@dataclass
class Browser:
    """A client that keeps the cookie and sends the token of the forms that it was shown."""

    client: FlaskClient

    @property
    def cookie(self) -> str:
        found = self.client.get_cookie(cookies.PLAIN, path=cookies.PATH)
        return found.value if found else ""

    def get(self, path: str, **sent: Any) -> TestResponse:
        return self.client.get(path, **sent)

    def post(self, path: str, data: Mapping[str, Any] | None = None, **sent: Any) -> TestResponse:
        fields = MultiDict(data or {})
        fields.add(cookies.FIELD, cookies.token(self.cookie))
        return self.client.post(path, data=fields, **sent)

    def sign_in(self, key: str, **sent: Any) -> TestResponse:
        self.get("/admin/login")
        return self.post("/admin/login", {"key": key}, **sent)


def desk_over(service: Service, app: Flask) -> Desk:
    """A desk whose service is ready."""
    made, text = service.keys.create("desk", frozenset({Scope.ADMIN}))
    return Desk(app, service, text, made.id)
