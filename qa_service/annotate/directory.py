"""What was found in a document becomes entries of the directory of its index."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, groupby

from qa_service.domain.annotation import Annotations, DefinitionKind
from qa_service.domain.directory import BETWEEN, Entries, Entry, EntryKind, Surface, title_key
from qa_service.domain.document import Document
from qa_service.domain.ports import ActorNames, Analyser

SHORTEST_LAST_NAME = 4  # letters


def entries(document: Document, annotations: Annotations, table: ActorNames, analyser: Analyser) -> Entries:
    """Each entry with how often the document brings it; ``table`` are the names known to all documents."""
    found: Counter[Entry] = Counter()
    for surface in dict.fromkeys(_surfaces(annotations, table, analyser)):
        found[EntryKind.SURFACE, surface.words[0], surface.value] += 1
        found[EntryKind.NAME, surface.actor, surface.written] += 1
    for mention in annotations.mentions:
        found[EntryKind.NAMING, document.text[mention.start : mention.end].split()[-1], ""] += 1
    for pair in _facing(document, annotations):
        found[EntryKind.FACING, "", BETWEEN.join(pair)] += 1
    for actor in dict.fromkeys(actor for position in annotations.positions for actor in position.actors):
        for stem in dict.fromkeys(analyser.stems(actor)):
            found[EntryKind.HOLDER, stem, actor] += 1
    for definition in annotations.definitions:
        if definition.kind is DefinitionKind.ACRONYM:
            found[EntryKind.ACRONYM, "", definition.term] += 1
    found[EntryKind.TITLE, title_key(document.title), document.id] += 1
    return found


def _facing(document: Document, annotations: Annotations) -> Iterator[tuple[str, str]]:
    """Each two actors who hold positions on one issue and are named: "My delegation" is nobody's name."""
    named = set(annotations.named)
    for row, group in groupby(annotations.positions, key=lambda one: one.row):
        held = {actor for one in group for actor in one.actors if not one.joint} & named - {document.author}
        if row >= 0:
            yield from combinations(sorted(held), 2)


def _surfaces(annotations: Annotations, table: ActorNames, analyser: Analyser) -> Iterator[Surface]:
    """The names of actors that the document brings: acronyms, and those that the table does not know."""

    def surface(written: str, actor: str, *, last: bool = False) -> Iterator[Surface]:
        words = tuple(token.word for token in analyser.tokens(written))
        if words:
            yield Surface(words, written, actor, last)

    for one in annotations.definitions:
        if one.kind is DefinitionKind.ACRONYM and one.expansion:
            actor = table.actor(one.expansion) or one.expansion
            yield from surface(one.term, actor)
            yield from surface(one.expansion, actor)
    for actor in dict.fromkeys(mention.actor for mention in annotations.mentions):
        if table.actor(actor) is None:
            yield from surface(actor, actor)
            last = actor.split()[-1]
            if " " in actor and len(last) >= SHORTEST_LAST_NAME:
                yield from surface(last, actor, last=True)
