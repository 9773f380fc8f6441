"""What a file says about itself: lines and values in, a Metadata out."""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from qa_service.ingest import dates

_BY = re.compile(r"(?:written\s+)?by:?\s+", re.IGNORECASE)
_NAME_WORD = re.compile(r"[^\W\d_][\w.'’‐-]*,?|&|,")
_SMALL = frozenset({"and", "&", ",", *"de van der von bin al la di du da el ibn den ter dos".split()})
_LABEL = re.compile(
    r"(?P<label>author|publication date|published|date|publisher|source|url|language|title)(?:s|\(s\))?"
    r"\s*:\s*(?P<value>\S.{0,300})",
    re.IGNORECASE,
)
_SITE = re.compile(r"(?<!\s)\s++(?:[|·»]|[-–—])\s+(?P<site>[^|·»–—]{2,60})$")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_AFTER_NAME = re.compile(r"\s[|•·–—]\s")
_ROLES = re.compile(
    r",\s+(?:an?\s|the\s)?(?:[\w-]+\s){0,4}?(?:fellow|professor|analyst|director|editor|researcher|correspondent|"
    r"specialist|lecturer|scholar|associate|adviser|advisor|ambassador|reporter|contributor|ph\.?d)\b.*",
    re.IGNORECASE,
)
MOST_BYLINE_WORDS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The fields of a Document that are not its text; every one may be unknown."""

    title: str | None = None
    author: str | None = None
    published: str | None = None
    publisher: str | None = None
    url: str | None = None
    language: str | None = None
    based_on: str | None = None

    def filled(self, other: "Metadata") -> "Metadata":
        """Itself, with what it does not know taken from ``other``."""
        return Metadata(**{name: getattr(self, name) or getattr(other, name) for name in self.__slots__})

    def beside(self, said: "Metadata") -> "Metadata":
        """A file's own, filled with what is ``said`` of it where it was found. The address is the one where
        it was found, unless it names another one of the same site as its own.
        """
        filled = self.filled(said)
        if said.url is None or _site(self.url) == _site(said.url):
            return filled
        return replace(filled, url=said.url)


NOTHING = Metadata()


def clean(value: str | None) -> str | None:
    """One line without control characters, or None when nothing is left."""
    if not value:
        return None
    if not value.isprintable():
        value = "".join(c if c.isprintable() else " " for c in value)
    text = " ".join(value.split())
    return text or None


def web_address(value: str | None) -> str | None:
    """``value`` when it is an http or https address, else None."""
    text = (value or "").strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    usable = parts.scheme in {"http", "https"} and parts.netloc and text.isprintable() and " " not in text
    return text if usable else None


def _site(url: str | None) -> str:
    return urlsplit(url or "").netloc.lower().removeprefix("www.")


def language_tag(value: str | None) -> str | None:
    """A BCP 47 tag as in en or en-GB, else None."""
    text = (value or "").strip().replace("_", "-")
    if not _LANGUAGE.fullmatch(text):
        return None
    first, *rest = text.split("-")
    return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])


def byline_author(line: str) -> str | None:
    """The name in "By Abdul Basit", without a post or a date after it; None for any other line."""
    text = line.strip()
    lead = _BY.match(text)
    if not lead or len(text.split()) > MOST_BYLINE_WORDS:
        return None
    name = _AFTER_NAME.split(text[lead.end() :], maxsplit=1)[0]
    name = _ROLES.sub("", name).strip(" ,")
    return name if name and all(map(_names, name.split())) else None


def _names(word: str) -> bool:
    """Whether a word may stand in a name: capitalised, or one of the particles."""
    return bool(_NAME_WORD.fullmatch(word)) and (
        word[0].isupper() or word.strip(",") in _SMALL or word == ","
    )


def labelled(line: str) -> tuple[str, str] | None:
    """("author", "Jane Doe") for the line "Author: Jane Doe"; None for a line that is no such label."""
    match = _LABEL.fullmatch(line.strip())
    if not match or not any(map(str.isalnum, match["value"])):
        return None
    names = {"publication date": "published", "date": "published", "source": "url"}
    label = match["label"].lower()
    return names.get(label, label), match["value"].strip()


def from_label(label: str, value: str) -> Metadata:
    """What one labelled line says; a value of the wrong form says nothing."""
    checked = {
        "published": dates.written,
        "url": web_address,
        "language": language_tag,
    }.get(label, clean)(value)
    return Metadata(**{label: checked})


def without_site(title: str | None, sites: tuple[str | None, ...] = ()) -> str | None:
    """The title without a trailing name of the site: after a bar, or after a dash when the site is known."""
    text = clean(title)
    match = _SITE.search(text) if text else None
    if not text or not match:
        return text
    known = {site.casefold() for site in sites if site}
    evident = match.group().lstrip()[0] in "|·»" or match["site"].casefold() in known
    return text[: match.start()] or text if evident else text
