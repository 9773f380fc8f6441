"""Every regular expression of the package takes time in proportion to its text, whatever the text is.

A pattern is found by importing every module and by reading every call of `re`. It is used as the package uses
it, over texts made to make it go back: letters, what stands in the pattern, and pairs of both, over and over.
A text four times as long may take about four times as long; going back takes sixteen times as long, or more.
"""

import ast
import gc
import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

import qa_service

ROOT = Path(qa_service.__file__).parent
SHORT, LONG = 500, 2_000  # characters; the latter is the longest question
GROWTH = 9.0  # times that a text four times as long may take: 4, and room for a busy machine
NOTICED = 0.005  # seconds at LONG below which growth is not looked at; the bar is 0.050
TRIES = 7
LETTERS = [
    "a",
    "A",
    "1",
    " ",
    "\n",
    "\t",
    ".",
    ",",
    "-",
    "'",
    "(",
    "[",
    "<",
    "@",
    "/",
    "_",
    "*",
    "é",
    "\u2019",
]
PAIRS = ["a ", "A ", "1 ", "1.", "1,", "1,,", "a-", "A-", "A.", "Aa ", "a\n", " \n", "the ", "[a", "a]("]
# Some patterns only begin to look where a question does.
OPENINGS = ["what is ", "how did ", "who was ", "does ", "what "]
WORDS = re.compile(r"[A-Za-z]{2,}|[^\w\s\\]")
CALLS = ("compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer")
ENTRY = ("__main__", "api.receiver", "ingest.worker")  # are run, not imported


@dataclass
class Used:
    """A pattern, and the methods that the package calls of it."""

    pattern: re.Pattern[str]
    methods: set[str] = field(default_factory=set)


def patterns() -> dict[str, Used]:
    """Every pattern by its text and flags."""
    sources = {path: path.read_text("utf-8") for path in sorted(ROOT.rglob("*.py"))}
    calls = re.findall(r"\b([A-Za-z_]\w*)\.(\w+)\(", "\n".join(sources.values()))
    found: dict[str, Used] = {}
    for module in pkgutil.walk_packages([str(ROOT)], "qa_service."):
        if module.name.endswith(ENTRY):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            for one in within(value):
                used = found.setdefault(f"{one.pattern} {one.flags}", Used(one))
                used.methods |= {method for known, method in calls if known == name and method in CALLS}
    for source in sources.values():
        for method, one in written(ast.parse(source)):
            if not any(known.startswith(f"{one.pattern} ") for known in found):
                found[f"{one.pattern} {one.flags}"] = Used(one, {method})
    return found


def within(value: object, depth: int = 3) -> Iterator[re.Pattern[str]]:
    """The patterns in a value, or in the parts of one of ours."""
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth and isinstance(value, tuple | list | set | frozenset):
        for one in value:
            yield from within(one, depth - 1)
    elif depth and isinstance(value, dict):
        yield from within((*value.keys(), *value.values()), depth)
    elif depth and hasattr(value, "__slots__") and type(value).__module__.startswith("qa_service"):
        yield from within([getattr(value, one, None) for one in value.__slots__], depth - 1)


def written(tree: ast.AST) -> Iterator[tuple[str, re.Pattern[str]]]:
    """The patterns that stand as they are in a call of `re`, each with the call."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="re"), attr=called),
                args=[ast.Constant(value=str(text)), *_],
            ) if called in CALLS:
                yield called, re.compile(text)


ALL = patterns()


def texts(pattern: re.Pattern[str]) -> list[str]:
    """What is repeated: letters, what the pattern is made of, and pairs of the latter."""
    own = list(dict.fromkeys(WORDS.findall(pattern.pattern)))[:6]
    return sorted({*LETTERS, *PAIRS, *own, *(f"{one} " for one in own), *map("".join, pairwise(own))})


def seconds(used: Used, text: str, tries: int = 1) -> float:
    """The shortest of a few times to do what the package does: find all, or match from the beginning."""
    at_start = bool(used.methods) and used.methods <= {"match", "fullmatch"}
    taken = []
    for _ in range(tries):
        started = time.perf_counter()
        if at_start:
            used.pattern.match(text)
        else:
            for _ in used.pattern.finditer(text):
                pass
        used.pattern.fullmatch(text)
        taken.append(time.perf_counter() - started)
    return min(taken)


def growth(used: Used, repeated: str, opening: str = "") -> float:
    """How many times as long a text four times as long takes; 0 where it takes next to nothing."""
    short, long = (f"{opening}{repeated * (length // len(repeated))}\x00" for length in (SHORT, LONG))
    if seconds(used, long) < NOTICED or (took := seconds(used, long, TRIES)) < NOTICED:
        return 0.0
    return took / seconds(used, short, TRIES)


def linear(used: Used) -> dict[str, int]:
    """The texts for which it is not linear; empty when there are none."""
    gc.collect()
    grown = {repeated: growth(used, repeated) for repeated in texts(used.pattern)}
    grown |= {f"{opening}a": growth(used, "a", opening) for opening in OPENINGS}
    return {repeated: round(times) for repeated, times in grown.items() if times > GROWTH}


def test_the_patterns_are_all_found() -> None:
    calls = sum(path.read_text("utf-8").count("re.compile(") for path in ROOT.rglob("*.py"))
    assert len(ALL) >= calls * 0.9


@pytest.mark.parametrize("pattern", [r"\s+$", r"\w+@", r"[a-z ]+[0-9]", r"what is (?:\w+\w* )+so"])
def test_one_that_goes_back_is_noticed(pattern: str) -> None:
    assert linear(Used(re.compile(pattern))) != {}


@pytest.mark.parametrize("name", ALL)
def test_it_takes_time_in_proportion(name: str) -> None:
    assert linear(ALL[name]) == {}
