"""Routes whose views are given what a request says as the pydantic models that they name.

A view may take ``path``, ``query`` and ``body``. What the OpenAPI document says of the routes stands in
operations.py, and is imported only for who asks for that document: no start waits for it.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import signature
from typing import Any, Protocol, TypeVar

from flask import Blueprint, Response, request
from pydantic import BaseModel, ValidationError

from qa_service.channels.api import problems

View = TypeVar("View", bound=Callable[..., Response])


class Routing(Protocol):
    """Takes views in: to serve them, or to describe them."""

    def get(self, rule: str) -> Callable[[View], View]:
        """A route that only reads."""
        ...

    def post(self, rule: str) -> Callable[[View], View]:
        """A route that takes a body."""
        ...

    def delete(self, rule: str) -> Callable[[View], View]:
        """A route that takes something out."""
        ...


class Routes:
    """The Routing that serves."""

    def __init__(self, blueprint: Blueprint) -> None:
        self._blueprint = blueprint

    def get(self, rule: str) -> Callable[[View], View]:
        """See Routing."""
        return self._of("GET", rule)

    def post(self, rule: str) -> Callable[[View], View]:
        """See Routing."""
        return self._of("POST", rule)

    def delete(self, rule: str) -> Callable[[View], View]:
        """See Routing."""
        return self._of("DELETE", rule)

    def _of(self, method: str, rule: str) -> Callable[[View], View]:
        def taken(view: View) -> View:
            self._blueprint.add_url_rule(rule, view.__name__, given(view), methods=[method])
            return view

        return taken


def given(view: Callable[..., Response]) -> Callable[..., Response]:
    """The view with its models filled from the request; what does not fit is a problem of status 422."""
    wanted = {name: one.annotation for name, one in signature(view).parameters.items()}
    if not wanted:
        return view

    @wraps(view)
    def called(**path: str) -> Response:
        said: dict[str, Callable[[], object]] = {
            "path": lambda: path,
            "query": request.args.to_dict,
            "body": lambda: request.get_json(silent=True),
        }
        try:
            filled = _filled(wanted, said)
        except ValidationError as error:
            return problems.invalid(error)
        return view(**filled)

    return called


def _filled(
    wanted: Mapping[str, type[BaseModel]], said: Mapping[str, Callable[[], object]]
) -> dict[str, Any]:
    return {name: model.model_validate(said[name]()) for name, model in wanted.items()}
