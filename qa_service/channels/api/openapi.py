"""The OpenAPI document: made from the routes, their models, and operations.py."""

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from flask_openapi import APIBlueprint, Info, OpenAPI
from flask_openapi.models import SecurityScheme

from qa_service.channels.api import overviews, presenting, repeating, streaming, views
from qa_service.channels.api.models import Problem
from qa_service.channels.api.operations import DESCRIBED, PROBLEM, REFUSED
from qa_service.channels.api.routes import View
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
    for api, register in (
        (APIBlueprint("api", __name__, url_prefix=views.PREFIX, abp_responses=REFUSED), views.answers_to),
        (APIBlueprint("probes", __name__, abp_responses={"503": PROBLEM}), views.probed),
    ):
        register(Describing(api), service)
        app.register_api(api)
    made: presenting.Json = app.api_doc
    _without_added_422(made)
    overviews.also_sent(made)
    streaming.also_sent(made)
    repeating.also_read(made)
    _linked(made)
    made["components"]["schemas"][NewDocumentModel.__name__] = NewDocumentModel.model_json_schema()
    return made


class Describing:
    """The Routing that describes: each view with what operations.py says of it, and under its own name."""

    def __init__(self, blueprint: APIBlueprint) -> None:
        self._blueprint = blueprint

    def get(self, rule: str) -> Callable[[View], View]:
        """See Routing."""
        return lambda view: self._blueprint.get(rule, **_told(view))(view)

    def post(self, rule: str) -> Callable[[View], View]:
        """See Routing."""
        return lambda view: self._blueprint.post(rule, **_told(view))(view)

    def delete(self, rule: str) -> Callable[[View], View]:
        """See Routing."""
        return lambda view: self._blueprint.delete(rule, **_told(view))(view)


def _told(view: Callable[..., Any]) -> dict[str, Any]:
    return DESCRIBED[view.__name__] | {"operation_id": view.__name__}


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
