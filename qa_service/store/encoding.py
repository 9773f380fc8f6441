"""Frozen domain values to and from JSON text, for columns that are only ever read whole.

How a type is written and read is worked out once: a store reads thousands of these values for an answer.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache, cached_property, lru_cache
from operator import attrgetter, contains
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints, overload

from pydantic_core import from_json

from qa_service.store.damage import damaged, decoding

Value = TypeVar("Value")
Turn = Callable[[Any], Any]

KNOWN = 64  # combinations of types of the fields of one kind


def dump(value: object) -> str:
    """JSON in which a dataclass is the list of its fields, in their order."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def load(kind: type[Value], text: str) -> Value:
    """What `dump` wrote, as a ``kind``. Raises StoreError when it is something else."""
    with _decoding(kind):
        return _maker(kind)(from_json(text))  # type: ignore[no-any-return, arg-type]


def remembered(meta: Mapping[str, str], name: str, base: int = 10) -> int:
    """A number of the table ``meta``; 0 when it is not there. Raises StoreError when it is none."""
    with decoding(f"meta.{name}"):
        return int(meta.get(name, "0"), base)


def parted(kind: type, text: str) -> list[Any]:
    """The JSON of each field of what `dump` wrote of a ``kind``. Raises StoreError when it is none."""
    with _decoding(kind):
        plain = _listed(from_json(text))
    if len(plain) != _size(kind):
        raise damaged(kind.__name__, "another number of fields")
    return plain


@cache
def _size(kind: Any) -> int:
    return len(fields(kind))


def _decoding(kind: type) -> AbstractContextManager[None]:
    return decoding(kind.__name__)


def _listed(plain: Any) -> list[Any]:
    if not isinstance(plain, list):
        raise TypeError("not a list")
    return plain


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
        with _decoding(self._kind):
            return _listed(from_json(self._told) if isinstance(self._told, str) else self._told)

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

    def __iter__(self) -> Iterator[Value]:
        return map(self.__getitem__, range(len(self._plain)))

    def _of(self, plain: Any) -> Value:
        with _decoding(self._kind):
            return _maker(self._kind)(plain)  # type: ignore[no-any-return, arg-type]

    @cached_property
    def starts(self) -> list[int]:
        """The field of that name of each of them."""
        return self.each("start")

    def each(self, name: str) -> list[Any]:
        """One field of each of them, without making the others."""
        place, make = _field(self._kind, name)  # type: ignore[arg-type]
        with _decoding(self._kind):
            return [make(one[place]) for one in self._plain]


@cache
def _field(kind: Any, name: str) -> tuple[int, Turn]:
    """The place of a field, and what makes it."""
    return [field.name for field in fields(kind)].index(name), _maker(get_type_hints(kind)[name])


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
    make, types = _maker(kind), _types(kind)

    def several(plain: Any) -> tuple[Any, ...]:
        if not types.issuperset(map(type, _listed(plain))):
            raise TypeError("a value of another type")
        return tuple(plain) if make is _same else tuple([make(one) for one in plain])

    return several


def _types(kind: Any) -> frozenset[type]:
    """The types that the JSON of a kind may have."""
    if get_origin(kind) is UnionType:
        return frozenset().union(*map(_types, get_args(kind)))
    if get_origin(kind) in (tuple, Sequence) or is_dataclass(kind):
        return frozenset({list})
    return frozenset({str if issubclass(kind, Enum) else kind})


def _made(kind: type) -> Turn:
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    allowed = [_types(hints[name]) for name in names]
    makers = [(place, _maker(hints[name])) for place, name in enumerate(names)]
    makers = [(place, make) for place, make in makers if make is not _same]

    @lru_cache(maxsize=KNOWN)
    def fit(types: tuple[type, ...]) -> bool:
        return len(types) == len(allowed) and all(map(contains, allowed, types))

    def made(plain: Any) -> Any:
        if not fit(tuple(map(type, _listed(plain)))):
            raise TypeError("fields of other types")
        plain = plain.copy()
        for place, make in makers:
            plain[place] = make(plain[place])
        return kind(**dict(zip(names, plain, strict=True)))

    return made
