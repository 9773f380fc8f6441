"""What a document adds to the directory of an index: entries, which are counted over all documents.

The directory answers what would otherwise need every annotation in memory: who goes by a name, who faces
whom, which terms are defined.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class EntryKind(StrEnum):
    """What an entry tells, and what its key and value are."""

    SURFACE = "surface"  # first word of a name -> a Surface, as `Surface.value` writes it
    NAME = "name"  # an actor -> a surface of it
    NAMING = "naming"  # a last word -> "": how often somebody is named by it
    HOLDER = "holder"  # a stem -> an actor that holds positions and has the stem in its name
    FACING = "facing"  # "" -> two actors who hold positions on one issue
    ACRONYM = "acronym"  # "" -> an acronym that is defined
    TITLE = "title"  # a title, as `title_key` writes it -> a document's id


def title_key(title: str) -> str:
    """A title as it is looked up: letters and digits only count, however it is typed."""
    return " ".join(re.findall(r"\w+", title.casefold()))


Entry = tuple[EntryKind, str, str]  # kind, key, value
Entries = Mapping[Entry, int]

BETWEEN = "\x1f"  # a unit separator: no word holds it


@dataclass(frozen=True, slots=True)
class Surface:
    """A way to write an actor's name. ``words`` are folded; ``last`` says that it is a last name alone."""

    words: tuple[str, ...]
    written: str
    actor: str
    last: bool = False

    @property
    def value(self) -> str:
        """The surface as the value of an entry."""
        return BETWEEN.join((" ".join(self.words), self.written, self.actor, "last" if self.last else ""))

    @classmethod
    def of(cls, value: str) -> "Surface":
        """What `value` wrote."""
        words, written, actor, last = value.split(BETWEEN)
        return cls(tuple(words.split(" ")), written, actor, bool(last))
