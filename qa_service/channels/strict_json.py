"""JSON bodies read strictly: UTF-8 only, no NaN, no repeated keys, no nesting that exhausts the stack."""

import json
from typing import Any

from flask import Request, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

DEEPEST = 32  # levels of nesting


class StrictJson(DefaultJSONProvider):
    """The application's JSON reader; raises ValueError with what is wrong."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """The value of a JSON text."""
        try:
            text = s.decode("utf-8") if isinstance(s, bytes) else s
            value = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_distinct, **kwargs)
        except UnicodeDecodeError as error:
            raise ValueError("the body is not UTF-8") from error
        except json.JSONDecodeError as error:
            raise ValueError(f"the body is not JSON: {error.msg} at character {error.pos}") from error
        except RecursionError as error:
            raise ValueError("the body is nested too deeply") from error
        if _depth(value) > DEEPEST:
            raise ValueError("the body is nested too deeply")
        return value


class StrictRequest(Request):
    """A request that tells what is wrong with its JSON."""

    def on_json_loading_failed(self, e: ValueError | None) -> Any:
        """Raised as 400, or 415 when the body does not call itself JSON."""
        if e is None:
            raise UnsupportedMediaType("Send the body as application/json.")
        raise BadRequest(f"Send one JSON object: {e}.")


def json_object() -> dict[str, Any]:
    """The body of this request. Raises BadRequest, or UnsupportedMediaType, when it is no JSON object."""
    found: object = request.get_json()
    if not isinstance(found, dict):
        raise BadRequest("Send one JSON object: the body is JSON of another type.")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return made


def _depth(value: Any) -> int:
    deepest, level = 0, [value]
    while level and deepest <= DEEPEST:
        deepest += 1
        level = [child for one in level if isinstance(one, dict | list) for child in _children(one)]
    return deepest


def _children(value: dict[str, Any] | list[Any]) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value
