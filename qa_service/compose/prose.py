"""The Markdown of an answer becomes prose: paragraphs, bullets and tables of plain runs of text.

For channels that do not take Markdown. A run's text is what a reader sees: escapes are undone, so that a
star or a bracket of a quote is just that.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

MARK = re.compile(r"(\[\d{1,6}\])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one style; ``link`` is where it leads, "" for nowhere.

    ``mark`` is the number of a citation's marker, 0 for any other text: a "[1]" of a quote is no marker.
    """

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""
    mark: int = 0


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, or a heading (bold)."""

    line: Line


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; nested items follow the one they belong to. Items of an ordered one begin with their number."""

    items: tuple[Line, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every row has as many cells as the header."""

    header: tuple[Line, ...]
    rows: tuple[tuple[Line, ...], ...]


Prose = tuple[Paragraph | Bullets | Table, ...]


def plain(line: Line) -> str:
    """The text of a line without its styles."""
    return "".join(run.text for run in line)


def prose(markdown: str) -> Prose:
    """What a Markdown text says, in its order. HTML is text; "" gives ()."""
    return tuple(_parts(SyntaxTreeNode(_parser().parse(markdown)).children))


def paragraphs(parts: Prose) -> Iterator[str]:
    """Every paragraph, bullet and cell as plain text, in reading order."""
    for part in parts:
        match part:
            case Paragraph():
                yield plain(part.line)
            case Bullets():
                yield from (plain(item) if part.ordered else f"- {plain(item)}" for item in part.items)
            case Table():
                yield from (" | ".join(plain(cell) for cell in row) for row in (part.header, *part.rows))


@cache
def _parser() -> MarkdownIt:
    # Without text_join an escaped character is a token of its own, and no part of a marker.
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("text_join")


def _parts(nodes: Iterable[SyntaxTreeNode]) -> Iterator[Paragraph | Bullets | Table]:
    for node in nodes:
        match node.type:
            case "bullet_list" | "ordered_list":
                yield Bullets(tuple(_items(node)), ordered=node.type == "ordered_list")
            case "table":
                header, *rows = (_cells(row) for section in node.children for row in section.children)
                yield Table(header, tuple(rows))
            case "heading":
                yield Paragraph(tuple(replace(run, bold=True) for run in _line(node)))
            case "paragraph":
                yield Paragraph(_line(node))
            case "code_block" | "fence":
                yield Paragraph((Run(node.content.rstrip("\n")),))
            case _:
                yield from _parts(node.children)


def _items(node: SyntaxTreeNode) -> Iterator[Line]:
    for item in node.children:
        number = (Run(f"{item.info}{item.markup} "),) if node.type == "ordered_list" else ()
        for place, child in enumerate(item.children):
            if child.type.endswith("_list"):
                yield from _items(child)
            elif child.type == "paragraph":
                yield (() if place else number) + _line(child)


def _cells(row: SyntaxTreeNode) -> tuple[Line, ...]:
    return tuple(_line(cell) for cell in row.children)


def _line(node: SyntaxTreeNode) -> Line:
    """The runs of a node whose child is a line of text."""
    return _runs(node.children[0].to_tokens()[0].children or ()) if node.children else ()


def _runs(children: Sequence[Token]) -> Line:
    runs: list[Run] = []
    bold = italic = 0
    link = ""
    for token in children:
        match token.type:
            case "strong_open" | "strong_close":
                bold += token.nesting
            case "em_open" | "em_close":
                italic += token.nesting
            case "link_open":
                link = str(token.attrs.get("href", ""))
            case "link_close":
                link = ""
            case "text":
                for text, mark in _marked(token.content):
                    _append(runs, Run(text, bold > 0, italic > 0, link, mark))
            case kind:
                text = {"hardbreak": "\n", "softbreak": " "}.get(kind, token.content)
                _append(runs, Run(text, bold > 0, italic > 0, link))
    return tuple(runs)


def _marked(text: str) -> Iterator[tuple[str, int]]:
    """The text in pieces: markers with their number, anything else with 0."""
    for piece in MARK.split(text):
        yield piece, int(piece[1:-1]) if MARK.fullmatch(piece) else 0


def _append(runs: list[Run], run: Run) -> None:
    """Add a run, to the one before when the style is the same."""
    if runs and replace(runs[-1], text="") == replace(run, text=""):
        runs[-1] = replace(run, text=runs[-1].text + run.text)
    elif run.text:
        runs.append(run)
