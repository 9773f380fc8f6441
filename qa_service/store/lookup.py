"""The documents of originals by one of their columns, each looked up when it is asked for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Read = Callable[[str, Sequence[object]], list[dict[str, Any]]]


class Lookup(Mapping[str, str]):
    """``read`` gives the rows of a SELECT from the table ``originals``; ``column`` is indexed."""

    def __init__(self, read: Read, column: str) -> None:
        self._read = read
        self._column = column

    def __getitem__(self, key: str) -> str:
        sql = f"SELECT document_id FROM originals WHERE {self._column} = ?"  # noqa: S608 - a constant
        found = self._read(sql, [key])
        if not found:
            raise KeyError(key)
        return str(found[-1]["document_id"])

    def __iter__(self) -> Iterator[str]:
        sql = f"SELECT {self._column} FROM originals"  # noqa: S608 - a constant
        return iter([row[self._column] for row in self._read(sql, ())])

    def __len__(self) -> int:
        return int(self._read("SELECT count(*) AS many FROM originals", ())[0]["many"])
