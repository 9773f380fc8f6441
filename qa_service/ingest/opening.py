"""The first parts of a document become its title and bylines: a draft's parts in, sorted parts out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa_service.domain.document import BlockKind
from qa_service.ingest import dates
from qa_service.ingest.assembly import Part
from qa_service.ingest.metadata import (
    NOTHING,
    Metadata,
    byline_author,
    clean,
    from_label,
    labelled,
    without_site,
)

_LONG_LABEL = 320  # characters: a longer line is no label
_OPENING = 10  # parts among which a byline or a date line may stand
_SHORT = (BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
_BUTTONS = frozenset({"", "listen", "print", "share", "download"})
_COMMA = re.compile(r", (?:on )?| on ", re.IGNORECASE)
_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class _Read:
    part: Part
    metadata: Metadata = NOTHING


def opened(parts: Sequence[Part], said: Metadata) -> tuple[tuple[Part, ...], Metadata]:
    """The parts with title first, bylines next and no second copy of either; what they say fills ``said``.

    What the file states as metadata wins over what its lines seem to say.
    """
    titled = _titled(tuple(map(_unlabelled, parts[:_OPENING])) + tuple(parts[_OPENING:]), said.title)
    read = tuple(_bylines(titled))
    for found in read:
        said = said.filled(found.metadata)
    ordered = _ordered([found.part for found in read])
    title = next((part.text for part in ordered if part.kind is BlockKind.TITLE), None)
    return tuple(ordered), said.filled(Metadata(title=without_site(title)))


def _unlabelled(part: Part) -> Part:
    """A line "Title: The Long Strait" is the title without its label."""
    label = labelled(part.text) if part.kind in _SHORT and len(part.text) < _LONG_LABEL else None
    if not label or label[0] != "title":
        return part
    start = part.text.index(label[1], part.text.index(":"))
    return Part(BlockKind.TITLE, part.traced.cut(start, start + len(label[1])))


def same_words(left: str, right: str) -> bool:
    """Whether two lines differ only in case, spaces and punctuation."""
    return _words(left) == _words(right)


def _plain(text: str) -> str:
    return text.replace("’", "'").replace("“", '"').replace("”", '"')


def _words(text: str) -> str:
    return _NOT_WORDS.sub(" ", text.casefold()).strip()


def _titled(parts: tuple[Part, ...], title: str | None) -> tuple[Part, ...]:
    """The first heading is the title unless the metadata name another; body copies of the title go."""
    given = next((part for part in parts if part.kind is BlockKind.TITLE), None)
    wanted = given.text if given else title
    if wanted is None:
        return _first_heading_as_title(parts)
    copies = tuple(part for part in parts if _copy(part, wanted))
    if len(copies) == sum(part.kind in _SHORT for part in parts):
        copies = ()  # a text that only repeats its title is still its text
    if given:
        return _others(parts, copies)
    if not copies or not same_words(copies[0].text, wanted):
        return parts
    chosen = Part(BlockKind.TITLE, copies[0].traced)
    return (chosen, *_others(parts, copies))


def _others(parts: Sequence[Part], gone: Sequence[Part]) -> tuple[Part, ...]:
    known = {id(part) for part in gone}
    return tuple(part for part in parts if id(part) not in known)


def _first_heading_as_title(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    for index, part in enumerate(parts[:4]):
        if part.kind is BlockKind.HEADING and part.level == 1 and not _metadata_of(part.text):
            title = Part(BlockKind.TITLE, part.traced)
            rest = (*parts[:index], *parts[index + 1 :])
            return (title, *(other for other in rest if not _copy(other, title.text)))
    return parts


def _copy(part: Part, title: str) -> bool:
    """Whether ``part`` is the title again, perhaps glued to a button and a date as pages do."""
    if part.kind not in _SHORT or len(part.text) > len(title) + 60:
        return False
    wanted = _plain(title)
    if not wanted:  # a heading without words
        return False
    before, found, after = _plain(part.text).partition(wanted)
    if not found:
        return same_words(part.text, title)
    day = re.sub(r"\([^()]*\)", "", after).strip()
    return before.strip().casefold() in _BUTTONS and (not _words(day) or dates.written(day) is not None)


def _bylines(parts: Sequence[Part]) -> Iterator[_Read]:
    seen: set[str] = {_words(part.text) for part in parts if part.kind is BlockKind.BYLINE}
    for index, part in enumerate(parts):
        near = (index < _OPENING and part.kind is not BlockKind.TITLE) or part.kind is BlockKind.BYLINE
        found = _metadata_of(part.text) if near else None
        if found is None or part.kind is BlockKind.BYLINE:
            yield _Read(part, found or NOTHING)
        elif _words(part.text) not in seen:
            seen.add(_words(part.text))
            yield _Read(Part(BlockKind.BYLINE, part.traced), found)


def _metadata_of(line: str) -> Metadata | None:
    """What a byline, a date line or a labelled line says; None for any other line."""
    text = clean(line)
    if not text or len(text) > _LONG_LABEL:
        return None
    if label := labelled(text):
        return from_label(*label)
    if dated := _dated_byline(text):
        return dated
    if author := byline_author(text):
        tail = re.split(r"(?<!\s)\s++[|•·–—]\s+", text)[-1]
        return Metadata(author=author, published=dates.written(tail))
    day = dates.written(text)
    return Metadata(published=day) if day and not text.isdigit() else None


def _dated_byline(text: str) -> Metadata | None:
    """ "By Ann Lund, 12 May 2023"."""
    for comma in _COMMA.finditer(text):
        day = dates.written(text[comma.end() :])
        author = byline_author(text[: comma.start()]) if day else None
        if author:
            return Metadata(author=author, published=day)
    return None


def _ordered(parts: Sequence[Part]) -> list[Part]:
    first = (BlockKind.TITLE, BlockKind.BYLINE)
    head = [part for kind in first for part in parts if part.kind is kind]
    return head + [part for part in parts if part.kind not in first]
