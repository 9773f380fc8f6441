"""Paragraphs of text become a document and its sentences, without the packages that do this for files."""

import hashlib
import re
from itertools import pairwise
from pathlib import Path

from qa_service.annotate.aliases import Aliases, load_aliases
from qa_service.annotate.annotations import annotate
from qa_service.domain.annotation import Annotations
from qa_service.domain.document import Block, BlockKind, Document
from qa_service.domain.passage import Sentence

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
ALIASES: Aliases = load_aliases(ROOT / "index" / "aliases.toml")
_END = re.compile(r"(?<=[.!?])(?<!U\.S\.)(?<![A-Z]\.) (?=[A-Z“])|(?<=[.!?]”) (?=[A-Z“])")


def document(*paragraphs: str, published: str | None = None) -> tuple[Document, tuple[Sentence, ...]]:
    """A paragraph that begins with # is a heading."""
    text = "\n\n".join(paragraph.lstrip("# ") for paragraph in paragraphs)
    blocks, sentences, start = [], [], 0
    for number, paragraph in enumerate(paragraphs):
        kind = BlockKind.HEADING if paragraph.startswith("#") else BlockKind.PARAGRAPH
        end = start + len(paragraph.lstrip("# "))
        blocks.append(Block(kind=kind, start=start, end=end))
        cuts = [start, *(start + match.end() for match in _END.finditer(text[start:end])), end + 1]
        for low, high in pairwise(cuts):
            sentences.append(Sentence(start=low, end=high - 1, kind=kind, block=number))
        start = end + 2
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    made = Document(id="d", title="d", text=text, sha256=sha256, blocks=tuple(blocks), published=published)
    return made, tuple(sentences)


def read(*paragraphs: str, published: str | None = None) -> tuple[str, Annotations]:
    """The text and what was found in it."""
    made, sentences = document(*paragraphs, published=published)
    return made.text, annotate(made, sentences, ALIASES)


def unwrapped(path: Path) -> list[str]:
    """The paragraphs of a wrapped text file; a short line without an end is a heading."""
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))]
    joined: list[str] = []
    for paragraph in filter(None, paragraphs):
        if joined and paragraph[0].islower():
            joined[-1] += " " + paragraph
        else:
            joined.append(paragraph)
    return [one if one.endswith((".", "”", ":")) or len(one) > 80 else f"# {one}" for one in joined]
