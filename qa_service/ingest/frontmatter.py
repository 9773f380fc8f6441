"""YAML front matter at the top of a text becomes quotable parts, metadata and the offset of the body."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from qa_service.domain.document import BlockKind
from qa_service.ingest import dates
from qa_service.ingest.assembly import Part
from qa_service.ingest.metadata import NOTHING, Metadata, clean, language_tag, web_address
from qa_service.ingest.traced import Piece, Traced, trace

_FENCE = re.compile(r"\A---[ \t]*\r?\n(.{0,20000}?\n)?(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_LINE = re.compile(r"(?P<key>[\w-]+):(?:[ \t]+(?P<text>\S.*))?\Z")
_DATE_KEYS = ("published", "date")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """``end`` is 0 when the text has no front matter."""

    parts: tuple[Part, ...] = ()
    metadata: Metadata = NOTHING
    end: int = 0


@dataclass(frozen=True, slots=True)
class _Value:
    key: str
    text: str
    traced: Traced


def front_matter(text: str) -> FrontMatter:
    """The front matter of ``text``; one that cannot be read is left in the body."""
    match = _FENCE.match(text)
    if not match or not match[1]:
        return FrontMatter()
    values = _read(match[1], match.start(1))
    return FrontMatter(tuple(_parts(values)), _metadata(values), match.end()) if values else FrontMatter()


def _read(block: str, offset: int) -> tuple[_Value, ...]:
    """The values of ``block``: as YAML has them or, where YAML cannot read it, line by line."""
    try:
        return tuple(_values(block, offset))
    except yaml.YAMLError:
        return _lines(block, offset)
    except RecursionError:
        return ()


def _lines(block: str, offset: int) -> tuple[_Value, ...]:
    """The values of lines such as ``title: Peace: A Study``; none when one is not ``key: value``."""
    values: list[_Value] = []
    for line in block.splitlines(keepends=True):
        if line.strip() and not line.startswith("#"):
            found = _LINE.match(line.rstrip())
            read = _line(found, offset) if found else None
            if read is None:
                return ()
            values += read
        offset += len(line)
    return tuple(values)


def _line(found: re.Match[str], offset: int) -> tuple[_Value, ...] | None:
    """What YAML reads in a line, else everything after its first colon; None for half a list or mapping."""
    try:
        return tuple(_values(found[0], offset))
    except (yaml.YAMLError, RecursionError):
        if found["text"].startswith(("[", "{")):
            return None
        return (
            _Value(found["key"].lower(), found["text"], trace(found["text"], offset + found.start("text"))),
        )


def _values(block: str, offset: int) -> Iterator[_Value]:
    """Each scalar of the top mapping, and each scalar of a list in it, where it stands in the file."""
    root = yaml.compose(block, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        return
    for key, node in root.value:
        for scalar in node.value if isinstance(node, yaml.SequenceNode) else (node,):
            if (
                isinstance(key, yaml.ScalarNode)
                and isinstance(scalar, yaml.ScalarNode)
                and scalar.value.strip()
            ):
                yield _Value(key.value.strip().lower(), scalar.value, _placed(block, scalar, offset))


def _placed(block: str, scalar: "yaml.ScalarNode", offset: int) -> Traced:
    start, end = scalar.start_mark.index, scalar.end_mark.index
    inside = block.find(scalar.value, start, end)
    if inside >= 0:
        return trace(scalar.value, offset + inside)
    return Traced((Piece(scalar.value, offset + start, offset + end),))


def _parts(values: tuple[_Value, ...]) -> Iterator[Part]:
    order = ("title", "author", "authors", *_DATE_KEYS)
    seen = {value.key for value in values}
    for key in order:
        if key == "date" and "published" in seen:
            continue
        kind = BlockKind.TITLE if key == "title" else BlockKind.BYLINE
        yield from (Part(kind, value.traced) for value in values if value.key == key)


def _metadata(values: tuple[_Value, ...]) -> Metadata:
    def first(*keys: str) -> str | None:
        return next((value.text for key in keys for value in values if value.key == key), None)

    authors = [value.text for value in values if value.key in {"author", "authors"}]
    day = first(*_DATE_KEYS)
    return Metadata(
        title=clean(first("title")),
        author=clean(", ".join(authors)),
        published=dates.written(day) if day else None,
        publisher=clean(first("publisher")),
        url=web_address(first("url")),
        language=language_tag(first("language", "lang")),
        based_on=clean(first("based_on")),
    )
