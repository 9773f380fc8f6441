"""What one version knows of words: how many passages hold a stem, which entries the directory has."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qa_service.domain.directory import EntryKind
from qa_service.domain.ports import Holding
from qa_service.store.opensearch.counts import NAME, STEM, asked
from qa_service.store.opensearch.reading import Reading, Remembered
from qa_service.store.opensearch.versions import Query, term

KEPT = 50_000  # rows that are remembered
TOGETHER = 2000  # rows that are read at once
SLIPS = 2  # letters that a mistyped word may be away
NEIGHBOURS = 1000  # words that are as near

Row = tuple[str, int, int]  # value, count, passages


class Words:
    """The counts of one version."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._kept: Remembered[Sequence[Row]] = Remembered(KEPT)

    def foresee(self, stems: Iterable[str], keys: Iterable[tuple[EntryKind, str]]) -> None:
        """See Snapshot."""
        wanted = [asked(STEM, stem) for stem in stems] + [asked(kind.value, key) for kind, key in keys]
        self._read([key for key in dict.fromkeys(wanted) if self._kept.get(key) is None])

    def _read(self, keys: Sequence[str]) -> None:
        """Remember the rows of these keys, unless they are too many to come at once."""
        if not keys:
            return
        hits = self._reading.hits(NAME, {"query": self._reading.query(term("key", *keys)), "size": TOGETHER})
        if len(hits) == TOGETHER:
            return
        found: dict[str, list[Row]] = {key: [] for key in keys}
        for hit in hits:
            found[hit["_source"]["key"]].append(_row(hit))
        for key, rows in found.items():
            self._keep(key, sorted(rows, key=_order))

    def _of(self, kind: str, key: str) -> Sequence[Row]:
        """The rows of a key, the greatest count first."""
        known = asked(kind, key)
        rows = self._kept.get(known)
        if rows is None:
            self._read([known])
            rows = self._kept.get(known)
        if rows is None:
            rows = [_row(hit) for hit in self._reading.pages(NAME, self._sorted(term("key", known)))]
            self._keep(known, rows)
        return rows

    def _keep(self, key: str, rows: Sequence[Row]) -> None:
        self._kept.put(key, rows, 1 + len(rows))

    def _sorted(self, *filters: Query) -> dict[str, Any]:
        order = [{"count": "desc"}, {"value": "asc"}, {"name": "asc"}]
        return {"query": self._reading.query(*filters), "sort": order}

    def holding(self, stem: str) -> Holding:
        """See Snapshot."""
        for _, count, passages in self._of(STEM, stem):
            return Holding(passages=passages, sentences=count)
        return Holding()

    def entries(self, kind: str, key: str, most: int | None) -> Mapping[str, int]:
        """See Snapshot."""
        if most is None:
            rows = self._of(kind, key)
        else:
            hits = self._reading.hits(NAME, {**self._sorted(term("key", asked(kind, key))), "size": most})
            rows = [_row(hit) for hit in hits]
        return {value: count for value, count, _ in rows}

    def sounding(self, key: str) -> str | None:
        """See Snapshot."""
        hits = self._reading.hits(NAME, {**self._sorted(term("sound", key)), "size": 1})
        return _row(hits[0])[0] if hits else None

    def like(self, stem: str) -> Sequence[str]:
        """See Snapshot. At most two slips away, with the same first letter or the second one of it."""
        near: Query = {"fuzzy": {"stem": {"value": stem, "fuzziness": SLIPS, "max_expansions": NEIGHBOURS}}}
        hits = self._reading.hits(NAME, {"query": self._reading.query(near), "size": NEIGHBOURS})
        found = (_row(hit)[0] for hit in hits)
        return sorted(one for one in found if one[0] in stem[:2])


def _row(hit: Mapping[str, Any]) -> Row:
    row = hit["_source"]
    return row["value"], row["count"], row["passages"]


def _order(row: Row) -> tuple[int, str]:
    value, count, _ = row
    return -count, value
