"""What stands in a store and cannot be what was put there: told as StoreError, with what to do.

SQLite keeps a value of any type in any column, and notices few changed bytes. So each row that is read is
held against the types of its columns, and whatever makes values of it does so within `decoding`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ContextDecorator
from functools import cache
from typing import Any

from qa_service.domain.errors import REMEDY, StoreError
from qa_service.store.tables import MAY_LACK, TABLES

MEANT = (ValueError, TypeError, LookupError, AttributeError, RecursionError)  # by damaged values
NUMBERS = {float: (float, int)}


def damaged(what: str, why: object) -> StoreError:
    """The error that tells that ``what`` of a store is damaged."""
    return StoreError(f"What the store keeps as {what} is damaged: {why}. {REMEDY}")


class decoding(ContextDecorator):  # noqa: N801 - used as contextlib's are
    """Within it, what is read becomes values: what cannot, raises StoreError. Entered for each row."""

    __slots__ = ("_what",)

    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, MEANT):
            raise damaged(self._what, f"{type(error).__name__}: {error}") from error


def tuples(
    connection: Any, table: str, sql: str, values: Sequence[object] | Mapping[str, object] = ()
) -> list[tuple[Any, ...]]:
    """The rows of a SELECT from a table. Raises StoreError for a cell that is not of its column's type."""
    cursor = connection.execute(sql, values)
    names, found = _names(cursor), cursor.fetchall()
    for types in {tuple(map(type, row)) for row in found}:
        _proved(table, names, types)
    return found  # type: ignore[no-any-return]


def table_rows(
    connection: Any, table: str, sql: str, values: Sequence[object] | Mapping[str, object] = ()
) -> list[dict[str, Any]]:
    """The same, each row by column name."""
    cursor = connection.execute(sql, values)
    names = _names(cursor)
    return [dict(zip(names, row, strict=True)) for row in _sound(table, names, cursor)]


def stream(
    connection: Any, table: str, sql: str, values: Sequence[object] | Mapping[str, object] = ()
) -> Iterator[tuple[Any, ...]]:
    """The same, one after the other."""
    cursor = connection.execute(sql, values)
    return _sound(table, _names(cursor), cursor)


def _names(cursor: Any) -> tuple[str, ...]:
    return tuple(column[0].lower() for column in cursor.description)  # SQLite takes capitals for the same


def _sound(table: str, names: tuple[str, ...], found: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    for row in found:
        _proved(table, names, tuple(map(type, row)))
        yield row


def _proved(table: str, names: tuple[str, ...], types: tuple[type, ...]) -> None:
    wrong = _wrong(table, names, types)
    if wrong:
        raise damaged(f"{table}.{wrong}", "it is of another type")


@cache
def _wrong(table: str, names: tuple[str, ...], types: tuple[type, ...]) -> str:
    """The first of these columns whose type is none of its own, "" for none; what is no column may be any."""
    for name, found in zip(names, types, strict=True):
        kind = TABLES[table].get(name, found)
        lacking = found is type(None) and name in MAY_LACK.get(table, ())
        if not lacking and found not in NUMBERS.get(kind, (kind,)):
            return name
    return ""
