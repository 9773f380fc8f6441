"""The OpenAPI document: made from the routes when it is first asked for, so that no start waits for it."""

from functools import lru_cache
from importlib.metadata import version
from threading import Lock
from typing import Any

from flask import Blueprint, Response
from flask_openapi import Info, OpenAPI
from flask_openapi.models import SecurityScheme

from qa_service.channels.api import overviews, presenting, reference, repeating, streaming, views
from qa_service.channels.api.models import Problem
from qa_service.channels.api.upload_models import NewDocumentModel
from qa_service.wiring import Service

OPENAPI = "3.1.0"
KEYS: dict[str, SecurityScheme | dict[str, Any]] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A key of `qa-service keys create`."},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "The same key."},
}

ANSWERED = {"answer_id": "$response.body#/id"}
LINKS = {
    ("post", "/api/v1/ask", "200"): {
        "again": {"operationId": "answer", "parameters": ANSWERED},
        "evidence": {"operationId": "evidence", "parameters": ANSWERED},
        "judge": {"operationId": "judge", "requestBody": ANSWERED | {"value": "up"}},
    },
}


def blueprint(service: Service) -> Blueprint:
    """The routes /openapi.json and /docs."""
    described = Blueprint("described", __name__, template_folder="templates")
    lock = Lock()

    @lru_cache
    def made() -> presenting.Json:
        return document(service)

    def locked() -> presenting.Json:
        with lock:
            return made()

    @described.get("/openapi.json")
    def openapi() -> Response:
        return presenting.sent(locked())

    reference.register(described, locked)
    return described


def document(service: Service) -> presenting.Json:
    """The OpenAPI document of the routes over a service."""
    app = OpenAPI(
        "qa_service",
        info=Info(
            title="qa_service",
            version=version("qa-service"),
            description="Cited answers over policy commentary.",
        ),
        doc_ui=False,
        security_schemes=KEYS,
        validation_error_model=Problem,
        static_folder=None,
    )
    app.openapi_version = OPENAPI
    for blueprint in views.blueprints(service, described=True):
        app.register_api(blueprint)
    made: presenting.Json = app.api_doc
    _without_added_422(made)
    overviews.also_sent(made)
    streaming.also_sent(made)
    repeating.also_read(made)
    _linked(made)
    made["components"]["schemas"][NewDocumentModel.__name__] = NewDocumentModel.model_json_schema()
    return made


def _without_added_422(made: presenting.Json) -> None:
    """Take out the 422 that flask-openapi adds where a route declares none."""
    for item in made["paths"].values():
        for operation in item.values():
            added = operation["responses"].get("422", {"content": {}})
            if "application/json" in added["content"]:
                del operation["responses"]["422"]


def _linked(made: presenting.Json) -> None:
    """Say which operations take what another one gives."""
    for (method, path, status), links in LINKS.items():
        made["paths"][path][method]["responses"][status]["links"] = links
