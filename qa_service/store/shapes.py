"""Whether JSON has the shape of a domain value whose fields stand under their names: a recorded answer."""

from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

Test = Callable[[Any], bool]


def shaped(kind: type, plain: Any) -> bool:
    """Whether ``plain`` is an object of a ``kind``.

    A field that has a default may be missing, and there may be more fields: what another version recorded is
    told as it is.
    """
    return _test(kind)(plain)


@cache
def _test(kind: Any) -> Test:
    if get_origin(kind) is UnionType:
        tests = [_test(one) for one in get_args(kind)]
        return lambda plain: any(test(plain) for test in tests)
    if get_origin(kind) is tuple:
        each = _test(get_args(kind)[0])
        return lambda plain: type(plain) is list and all(map(each, plain))
    if is_dataclass(kind):
        return _object(kind)
    if issubclass(kind, Enum):
        values = {one.value for one in kind}
        return lambda plain: type(plain) is str and plain in values
    return lambda plain: type(plain) is kind


def _object(kind: Any) -> Test:
    hints = get_type_hints(kind)
    tests = {field.name: _test(hints[field.name]) for field in fields(kind)}
    needed = {field.name for field in fields(kind) if field.default is MISSING}

    def test(plain: Any) -> bool:
        return (
            type(plain) is dict
            and needed <= plain.keys()
            and all(fits(plain[name]) for name, fits in tests.items() if name in plain)
        )

    return test
