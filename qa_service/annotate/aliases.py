"""A TOML table of actors and their surfaces goes in; canonical names and mentions in a text come out."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import tomli

from qa_service.domain.annotation import Mention


class Role(StrEnum):
    """How a surface stands for its actor."""

    NAME = "name"
    DEMONYM = "demonym"
    CAPITAL = "capital"
    METONYM = "metonym"
    PHRASE = "phrase"  # no actor: "Indian Ocean"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """One way to write an actor's name; ``actor`` is empty for a phrase that names none.

    ``former`` is the actor that had this surface before ("Moscow": Russia, formerly Soviet Union).
    """

    text: str
    actor: str
    role: Role
    former: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A surface in a text."""

    start: int
    end: int
    surface: Surface


#: Length-preserving: the table is written with ASCII quotes and hyphens, texts are not.
_PLAIN = (("’", "'"), ("‘", "'"), ("‐", "-"), ("‑", "-"), ("–", "-"), ("\u00a0", " "))
_WORD = re.compile(r"[^\W_]+")
#: Lower-case "al Qaeda" is the one name that starts small. The first class only finds candidates quickly:
#: A-Z, a, all that is not ASCII.
_CAPITALISED = re.compile(
    r"[^\x00-@\[-`b-\x7f](?<![^\W_].)(?:(?<=[^\W\da-z_])[^\W_]*|(?<=a)l(?=[ -]Q))", re.DOTALL
)
#: Before "us", lower case: "the us position"; after it: "us and russia", "us policy on".
_THE_US = re.compile(r"(?:\bthe |[a-z]-)us(?![^\W_])|\bus(?=-[a-z])")
_US_THING = re.compile(
    r"(?<!tell )(?<!give )(?<!show )(?<!let )(?<!help )(?<!remind )(?<!teach )(?<!inform )"
    r"\bus(?= (?:policy|position|stance|view|views|government|troops|forces|administration|officials|"
    r"response|reaction|strategy|sanctions|role|presence|drone|military|and |vs|versus|allies|refusal|"
    r"president|perspective|attitude|reply|side))"
)
_AND_US = re.compile(r"\b(?:and|vs\.?|versus) us(?=[?.! ]*$)")
_ORGAN_NEXT = re.compile(
    r" (?:government|administration|regime|authorities|officials|leadership|army|military|ministry|"
    r"parliament|embassy|summit)\b",
    re.IGNORECASE,
)
_NAME_NEXT = re.compile(r" [A-Z][a-z]")
_PARTS = (
    ("names", Role.NAME),
    ("demonyms", Role.DEMONYM),
    ("capitals", Role.CAPITAL),
    ("metonyms", Role.METONYM),
)


def folded(text: str) -> str:
    """Lower case with plain quotes and hyphens; as long as ``text``."""
    lower = text.lower()
    if len(lower) != len(text):  # İ and its like become two characters
        lower = "".join(small if len(small := char.lower()) == 1 else char for char in text)
    return _plain(lower)


def _plain(text: str) -> str:
    if not text.isascii():
        for fancy, plain in _PLAIN:
            text = text.replace(fancy, plain)
    return text


@dataclass(frozen=True, slots=True)
class Aliases:
    """Who is meant by which surface. Made by ``load_aliases``; safe to share between threads."""

    _surfaces: Mapping[str, Surface]
    _by_word: Mapping[str, tuple[tuple[str, Surface], ...]] = field(repr=False)  # folded, longest first
    _words: frozenset[str]
    _former: Mapping[str, tuple[str, ...]]

    def actor(self, surface: str) -> str | None:
        """The canonical name of an exact surface, a leading "the" and a trailing 's aside; else None."""
        return found.actor or None if (found := self.surface(surface)) else None

    def surface(self, text: str) -> Surface | None:
        """The entry of an exact surface: as written in the table or all in capitals."""
        bare = re.sub(r"^(?:[Tt]he|THE) |['’]s?$", "", text.strip())
        for _, candidate in self._by_word.get(_first_word(bare), ()):
            if len(candidate.text) == len(bare) and _same(bare, candidate.text):
                return candidate
        return None

    def names(self, actor: str) -> tuple[str, ...]:
        """The surfaces of an actor, its canonical name first; empty for an actor that is not in the table."""
        mine = [s.text for s in self._surfaces.values() if actor in (s.actor, s.former)]
        return tuple(sorted(mine, key=lambda text: text != actor))

    def related(self, actor: str) -> tuple[str, ...]:
        """Actors that share surfaces with this one: its heir and whom it is the heir of."""
        return self._former.get(actor, ())

    def mentions(self, text: str, typed: bool = False) -> tuple[Mention, ...]:
        """All longest, non-overlapping names in ``text``, in order.

        Written text counts capitals. ``typed`` is for questions that people type: case is ignored but
        for surfaces that are English words in lower case (us, turkey), which need a capital or a
        neighbour that makes them names ("the us", "us and russia").
        """
        return tuple(
            Mention(start=found.start, end=found.end, actor=found.surface.actor)
            for found in self.found(text, typed)
        )

    def found(self, text: str, typed: bool = False) -> tuple[Found, ...]:
        """As ``mentions``, with the table's entry for each."""
        low, end, result = folded(text), 0, []
        for word in (_WORD if typed else _CAPITALISED).finditer(text):
            group = self._by_word.get(word.group().lower())
            if not group or word.start() < end:
                continue
            for plain, surface in group:
                if not low.startswith(plain, word.start()):
                    continue
                hit = Found(start=word.start(), end=word.start() + len(plain), surface=surface)
                if self._fits(text, low, hit, typed):
                    end = hit.end
                    result.append(hit)
                    break
        return tuple(found for found in result if found.surface.actor and not _in_longer_name(text, found))

    def _fits(self, text: str, low: str, hit: Found, typed: bool) -> bool:
        after = low[hit.end : hit.end + 1]
        if after and (after.isalnum() or after in "$_"):
            return False
        written = text[hit.start : hit.end]
        return _same(written, hit.surface.text) or (typed and self._typed(low, hit.start, hit.end))

    def _typed(self, low: str, start: int, end: int) -> bool:
        word = low[start:end]
        if word == "us":
            return _is_country_us(low, start)
        return word not in self._words


def _is_country_us(low: str, start: int) -> bool:
    at = min(start, 12)
    around = low[start - at : start + 20]
    hits = [*_THE_US.finditer(around), *_US_THING.finditer(around), *_AND_US.finditer(around)]
    return any(hit.start() <= at < hit.end() for hit in hits)


def _first_word(text: str) -> str:
    found = _WORD.search(text)
    return found.group().lower() if found else ""


def _same(written: str, surface: str) -> bool:
    """Whether it is written so, or in capitals: "UNITED States"; "US" is not "us"."""
    if len(written) != len(surface):
        return False
    written = _plain(written)
    if written == surface:
        return True
    pairs = zip(written.split(" "), surface.split(" "), strict=False)
    return all(one in (other, other.upper()) for one, other in pairs)


def _in_longer_name(text: str, found: Found) -> bool:
    """Whether a capital is only the first word of a name: "Moscow Olympics", "Oslo Accord"."""
    if found.surface.role is not Role.CAPITAL or not text[found.start].isupper():
        return False
    return bool(_NAME_NEXT.match(text, found.end)) and not _ORGAN_NEXT.match(text, found.end)


def load_aliases(path: Path) -> Aliases:
    """Read the table. ValueError names the file and the entry when the content is bad."""
    try:
        table = tomli.loads(path.read_text(encoding="utf-8"))
        surfaces = _checked(list(_surfaces(table)), _heirs(table))
        words = frozenset(folded(word) for word in _texts(table, "words", "the table"))
    except (tomli.TOMLDecodeError, UnicodeDecodeError, ValueError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    return Aliases(surfaces, _by_first_word(surfaces.values()), words, _relations(surfaces.values()))


def _by_first_word(surfaces: Iterable[Surface]) -> dict[str, tuple[tuple[str, Surface], ...]]:
    groups: dict[str, list[tuple[str, Surface]]] = {}
    for surface in sorted(surfaces, key=lambda surface: -len(surface.text)):
        groups.setdefault(_first_word(surface.text), []).append((folded(surface.text), surface))
    return {word: tuple(group) for word, group in groups.items()}


def _surfaces(table: Mapping[str, object]) -> Iterator[Surface]:
    for phrase in _texts(table, "phrases", "the table"):
        yield Surface(text=phrase, actor="", role=Role.PHRASE)
    for entry in _entries(table):
        name = str(entry["name"])
        yield Surface(text=name, actor=name, role=Role.NAME)
        for key, role in _PARTS:
            for text in _texts(entry, key, name):
                yield Surface(text=text, actor=name, role=role)


def _entries(table: Mapping[str, object]) -> list[Mapping[str, object]]:
    entries = table.get("actor", [])
    if not isinstance(entries, list):
        raise ValueError("write each actor as [[actor]]")
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str) or not entry["name"].strip():
            raise ValueError(f"actor number {number} has no name")
        if unknown := set(entry) - {"name", "kind", "heir", *(key for key, _ in _PARTS)}:
            raise ValueError(f"{entry['name']}: unknown key {min(unknown)}")
    return entries


def _texts(entry: Mapping[str, object], key: str, owner: str) -> list[str]:
    values = entry.get(key, [])
    if not isinstance(values, list) or not all(
        isinstance(value, str) and _first_word(value) for value in values
    ):
        raise ValueError(f"{owner}: {key} must be a list of names")
    return list(values)


def _heirs(table: Mapping[str, object]) -> dict[str, str]:
    return {str(entry["name"]): str(entry["heir"]) for entry in _entries(table) if "heir" in entry}


def _checked(surfaces: Iterable[Surface], heirs: Mapping[str, str]) -> dict[str, Surface]:
    """One entry a surface; a surface of an actor and of its heir belongs to the heir."""
    result: dict[str, Surface] = {}
    for new in surfaces:
        old = result.setdefault(new.text, new)
        if old.actor == new.actor:
            continue
        late, early = (old, new) if heirs.get(new.actor) == old.actor else (new, old)
        if heirs.get(early.actor) != late.actor:
            raise ValueError(f"{new.text!r} is a surface of both {old.actor} and {new.actor}")
        result[new.text] = Surface(text=new.text, actor=late.actor, role=late.role, former=early.actor)
    return result


def _relations(surfaces: Iterable[Surface]) -> dict[str, tuple[str, ...]]:
    related: dict[str, list[str]] = {}
    for surface in surfaces:
        if surface.former and surface.former not in related.setdefault(surface.actor, []):
            related[surface.actor].append(surface.former)
            related.setdefault(surface.former, []).append(surface.actor)
    return {actor: tuple(others) for actor, others in related.items()}
