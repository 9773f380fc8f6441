"""Measure the date grammar on MEANTIME: ``python benchmarks/dates.py [folder of meantime_timex]``.

A table of found and read dates comes out: relaxed F1 (the spans overlap) and value F1 (and the value is
the same), for the grammar and for a baseline of a few plain patterns, on the same sentences.
"""

import json
import re
import sys
from calendar import month_name
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from qa_service.annotate.dates import dates_in
from qa_service.annotate.intervals import Interval, of_iso
from qa_service.annotate.readings import Anchor
from qa_service.domain.annotation import Precision

ANNOTATED = 6  # sentences of each document that MEANTIME annotates: the title, the date line, four more
FOLDER = Path(__file__).parents[2] / "shared" / "eval" / "public" / "meantime_timex"
MONTHS = list(month_name)[1:]
Found = tuple[int, int, str]
Finder = Callable[[list[str], str], list[list[Found]]]


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    if not folder.is_dir():
        print(f"no such folder: {folder}")
        return 2
    cases = list(_cases(folder))
    print(f"{len(cases)} documents, {sum(len(gold) for _, _, gold in cases)} dates (TIMEX3 type DATE)")
    print(f"{'':24}{'relaxed P':>10}{'R':>7}{'F1':>7}{'value F1':>10}")
    for name, finder in (("grammar", grammar), ("plain patterns", plain)):
        for half in ("all", "first half", "second half"):
            part = {"all": cases, "first half": cases[::2], "second half": cases[1::2]}[half]
            print(f"{name + ', ' + half:24}" + _scores(part, finder))
    return 0


def _cases(folder: Path) -> Iterable[tuple[list[str], str, list[tuple[int, int, int, str]]]]:
    texts = {row["id"]: row["text"].split("\n")[:ANNOTATED] for row in _rows(folder / "corpus.jsonl")}
    for row in _rows(folder / "queries.jsonl"):
        dates = [timex for timex in row["timexes"] if timex["type"] == "DATE"]
        published = next((timex["value"] for timex in dates if timex["sent"] == 1), "")
        lines = texts[row["id"]]
        yield lines, published, [_gold(lines, timex) for timex in dates]


def _rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _gold(lines: list[str], timex: dict) -> tuple[int, int, int, str]:
    """Sentence, start, end, value. ``text`` may hold several mentions joined by " | "."""
    line = lines[timex["sent"]] if timex["sent"] < len(lines) else ""
    start = line.find(timex["text"])
    return timex["sent"], start, start + len(timex["text"]), timex["value"]


def grammar(lines: list[str], published: str) -> list[list[Found]]:
    """What the product finds."""
    anchor, found = Anchor(published=of_iso(published)), []
    for line in lines:
        dated = dates_in(line, 0, len(line), anchor)
        found.append([(one.start, one.end, _value(one.interval)) for one in dated])
        explicit = [one.interval for one in dated if one.explicit]
        anchor = replace(anchor, last=explicit[-1] if explicit else anchor.last)
    return found


def _value(interval: Interval) -> str:
    year, month = interval.first.year, interval.first.month
    days = (interval.last - interval.first).days
    if interval.precision is Precision.DAY and days == 6:
        return f"{year}-W{interval.first.isocalendar().week:02d}"
    season = {3: "SP", 6: "SU", 9: "FA", 12: "WI"}.get(month, "")
    return {
        Precision.DAY: interval.first.isoformat(),
        Precision.MONTH: f"{year}-{month:02d}",
        Precision.QUARTER: f"{year}-Q{(month + 2) // 3}",
        Precision.SEASON: f"{year}-{season}",
        Precision.YEAR: str(year),
        Precision.DECADE: str(year)[:3],
    }[interval.precision]


def plain(lines: list[str], published: str) -> list[list[Found]]:
    """The baseline: month-day-year, month-year, year, weekday, yesterday, month alone."""
    today = of_iso(published)
    return [list(_plain(line, today.first if today else None)) for line in lines]


def _plain(line: str, today: date | None) -> Iterable[Found]:
    month = "|".join(MONTHS)
    pattern = re.compile(
        rf"(?P<m>{month}) (?P<d>\d{{1,2}})(?: ?,? ?(?P<y>(?:19|20)\d\d))?|"
        rf"(?P<m2>{month}) (?P<y2>(?:19|20)\d\d)|"
        rf"\b(?P<y3>(?:19|20)\d\d)\b|\b(?P<w>Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|"
        rf"\b(?P<t>today|yesterday|tomorrow)\b|\b(?P<u>last|this|next) year\b|\bin (?P<m3>{month})\b"
    )
    for match in pattern.finditer(line):
        yield match.start(), match.end(), _plain_value(match, today)


def _plain_value(match: re.Match[str], today: date | None) -> str:
    if match["y3"] or match["m2"]:
        return match["y3"] or f"{match['y2']}-{MONTHS.index(match['m2']) + 1:02d}"
    year = match["y"] or (str(today.year) if today else "XXXX")
    if match["m"]:
        return f"{year}-{MONTHS.index(match['m']) + 1:02d}-{int(match['d']):02d}"
    return _plain_relative(match, today) if today else "XXXX"


def _plain_relative(match: re.Match[str], today: date) -> str:
    if match["m3"]:
        return f"{today.year}-{MONTHS.index(match['m3']) + 1:02d}"
    if match["u"]:
        return str(today.year + {"last": -1, "this": 0, "next": 1}[match["u"]])
    if match["t"]:
        return (today + timedelta(days={"today": 0, "yesterday": -1, "tomorrow": 1}[match["t"]])).isoformat()
    names = ["Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun"]
    return (today - timedelta(days=(today.weekday() - names.index(match["w"])) % 7)).isoformat()


def _scores(cases: list, finder: Finder) -> str:
    gold_count = found_count = hits = values = 0
    for lines, published, gold in cases:
        found = finder(lines, published)
        gold_count += len(gold)
        found_count += sum(map(len, found))
        for sentence, start, end, value in gold:
            same = [one for one in found[sentence] if one[0] < end and start < one[1]]
            hits += bool(same)
            values += any(one[2] == value for one in same)
    precision, recall = hits / max(found_count, 1), hits / gold_count
    f1 = 2 * precision * recall / (precision + recall)
    return f"{precision:10.3f}{recall:7.3f}{f1:7.3f}{f1 * values / hits:10.3f}"


if __name__ == "__main__":
    sys.exit(main())
