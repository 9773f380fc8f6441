"""Frozen domain values to and from JSON text, for columns that are only ever read whole.

How a type is written and read is worked out once: a store reads thousands of these values for an answer.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache, cached_property
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints, overload

from qa_service.domain.errors import StoreError

Value = TypeVar("Value")
Turn = Callable[[Any], Any]


def dump(value: object) -> str:
    """JSON in which a dataclass is the list of its fields, in their order."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def load(kind: type[Value], text: str) -> Value:
    """What `dump` wrote, as a ``kind``. Raises StoreError when it is something else."""
    plain = _parsed(kind, text)
    try:
        return _maker(kind)(plain)  # type: ignore[no-any-return, arg-type]
    except (ValueError, TypeError, LookupError) as error:
        raise _damaged(kind, error) from error


def remembered(meta: Mapping[str, str], name: str, base: int = 10) -> int:
    """A number of the table ``meta``; 0 when it is not there. Raises StoreError when it is none."""
    try:
        return int(meta.get(name, "0"), base)
    except ValueError as error:
        raise StoreError(f"What the store remembers as {name} is damaged. Restore the store.") from error


def parted(kind: type, text: str) -> list[Any]:
    """The JSON of each field of what `dump` wrote of a ``kind``. Raises StoreError when it is none."""
    plain = _parsed(kind, text)
    if not isinstance(plain, list) or len(plain) != _size(kind):
        raise _damaged(kind, "another number of fields")
    return plain


@cache
def _size(kind: Any) -> int:
    return len(fields(kind))


def _parsed(kind: type, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise _damaged(kind, error) from error


class Several(Sequence[Value]):
    """Values of one kind, from the list that `dump` wrote of them, or its text; each is made when it is asked
    for. Equal to any sequence of the same values.

    Raises StoreError when it is something else.
    """

    def __init__(self, kind: type[Value], told: str | list[Any]) -> None:
        self._kind = kind
        self._told = told
        self._made: dict[int, Value] = {}

    @cached_property
    def _plain(self) -> list[Any]:
        plain = _parsed(self._kind, self._told) if isinstance(self._told, str) else self._told
        if not isinstance(plain, list):
            raise _damaged(self._kind, "not a list")
        return plain

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __len__(self) -> int:
        return len(self._plain)

    @overload
    def __getitem__(self, place: int) -> Value: ...
    @overload
    def __getitem__(self, place: slice) -> list[Value]: ...
    def __getitem__(self, place: int | slice) -> Value | list[Value]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self._plain)))]
        known = self._made.get(place)
        if known is None:
            known = self._made[place] = self._of(self._plain[place])
        return known

    def _of(self, plain: Any) -> Value:
        try:
            return _maker(self._kind)(plain)  # type: ignore[no-any-return, arg-type]
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise _damaged(self._kind, error) from error

    def plain(self, name: str) -> list[Any]:
        """The JSON of one field of each of them."""
        place = [field.name for field in fields(self._kind)].index(name)  # type: ignore[arg-type]
        try:
            return [one[place] for one in self._plain]
        except (TypeError, LookupError) as error:
            raise _damaged(self._kind, error) from error


def _damaged(kind: type, error: object) -> StoreError:
    return StoreError(f"A stored {kind.__name__} is damaged: {error}. Restore the store.")


def _plain(value: Any) -> Any:
    return _writer(type(value))(value)  # type: ignore[arg-type]


@cache
def _writer(kind: type) -> Turn:
    if is_dataclass(kind):
        names = [field.name for field in fields(kind)]
        values = attrgetter(*names) if len(names) > 1 else lambda value: (getattr(value, names[0]),)
        return lambda value: [_plain(one) for one in values(value)]
    if issubclass(kind, Enum):
        return lambda value: value.value
    if issubclass(kind, list | tuple | Several):
        return lambda value: [_plain(one) for one in value]
    return _same


def _same(value: Any) -> Any:
    return value


@cache
def _maker(kind: Any) -> Turn:  # a type, or a form such as tuple[str, ...]
    if get_origin(kind) is UnionType:
        return _optional(next(one for one in get_args(kind) if one is not NoneType))
    if get_origin(kind) in (tuple, Sequence):
        return _several(get_args(kind)[0])
    if is_dataclass(kind):
        return _made(kind)  # type: ignore[arg-type]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {one.value: one for one in kind}.__getitem__
    return _same


def _optional(kind: Any) -> Turn:
    make = _maker(kind)
    return _same if make is _same else lambda plain: None if plain is None else make(plain)


def _several(kind: Any) -> Turn:
    make = _maker(kind)
    return tuple if make is _same else lambda plain: tuple([make(one) for one in plain])


def _made(kind: type) -> Turn:
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    makers = [(place, _maker(hints[name])) for place, name in enumerate(names)]
    makers = [(place, make) for place, make in makers if make is not _same]

    def made(plain: list[Any]) -> Any:
        plain = plain.copy()
        for place, make in makers:
            plain[place] = make(plain[place])
        return kind(**dict(zip(names, plain, strict=True)))

    return made
