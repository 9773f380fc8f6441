"""Frozen domain values to and from JSON text, for columns that are only ever read whole."""

import json
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from qa_service.domain.errors import StoreError

Value = TypeVar("Value")


def dump(value: object) -> str:
    """JSON in which a dataclass is the list of its fields, in their order."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def load(kind: type[Value], text: str) -> Value:
    """What `dump` wrote, as a ``kind``. Raises StoreError when it is something else."""
    try:
        return _made(kind, json.loads(text))  # type: ignore[no-any-return]
    except (ValueError, TypeError, StopIteration) as error:
        raise StoreError(f"A stored {kind.__name__} is damaged: {error}. Restore the store.") from error


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return [_plain(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


@cache
def _hints(kind: type) -> list[tuple[str, Any]]:
    hints = get_type_hints(kind)
    return [(field.name, hints[field.name]) for field in fields(kind)]


def _made(kind: Any, plain: Any) -> Any:
    if plain is None:
        return None
    if get_origin(kind) is UnionType:
        return _made(next(option for option in get_args(kind) if option is not type(None)), plain)
    if get_origin(kind) is tuple:
        return tuple(_made(get_args(kind)[0], item) for item in plain)
    if is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]
        return kind(**{name: _made(hint, item) for (name, hint), item in zip(hints, plain, strict=True)})  # type: ignore[operator]
    return kind(plain) if isinstance(kind, type) and issubclass(kind, Enum) else plain
