"""A document becomes sentences: syntok's boundaries inside each block, with its known slips mended."""

import re
from collections.abc import Iterator

from qa_service.domain.document import Block, BlockKind, Document
from qa_service.domain.passage import Sentence

SPLIT_KINDS = {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM}
# A "sentence" that ends so goes on: titles, honorifics and other abbreviations.
GOES_ON = re.compile(
    r"(?:^|[\s(“\"‘'])(?:Mr\.|Mrs\.|Ms\.|Dr\.|Prof\.|Gen\.|Lt\.|Col\.|Maj\.|Sen\.|Rep\.|Gov\."
    r"|Amb\.|Sgt\.|Capt\.|St\.|vs\.|v\.|e\.g\.|i\.e\.|cf\.|Art\.|Sec\.|Fig\.|pp?\.|ed\.|eds\.|approx\.|ca\.)$"
)
SHORT = 40  # words of a sentence that goes on after a semicolon
LONGEST_ABBREVIATION = 12  # with what may stand before it
NUMBER_END = re.compile(r"\bNos?\.$")  # goes on before a number: "No. 5", but "No. The talks failed."
# Initials and dotted acronyms go on before a name, not before a word that opens sentences.
CAPITALS_END = re.compile(r"(?:^|[\s(“\"‘'])(?:[A-Z]\.)+$")
STARTERS = (
    r"(?:The|This|These|Those|That|It|Its|In|On|At|As|A|An|He|She|They|We|But|And|However|Moreover|For|If|When|While"
    r"|After|Before|Since|Some|Such|There|By|With|To|Both|Many|Most|No|Not|One|Others?|Yet|So)\b(?!\.)"
)
STARTER = re.compile(STARTERS)
# An end that syntok does not see: "the U.N. She left", but not "the U.S. Most Wanted".
HIDDEN_END = re.compile(rf"(?<=[A-Z]\.[A-Z]\.)\s+(?={STARTERS}\s+[a-z])")


def sentences(document: Document) -> tuple[Sentence, ...]:
    """All sentences in text order; a title, byline or heading block is one sentence of its kind."""
    found: list[Sentence] = []
    for number, block in enumerate(document.blocks):
        for start, end in _spans(document.text, block):
            found.append(Sentence(start=start, end=end, kind=block.kind, block=number))
    return tuple(found)


def _spans(text: str, block: Block) -> list[tuple[int, int]]:
    if block.kind not in SPLIT_KINDS:
        return [(block.start, block.end)]
    merged: list[tuple[int, int]] = []
    for start, end in _segments(text[block.start : block.end], block.start):
        if merged and _goes_on(text[merged[-1][0] : merged[-1][1]], text[start:end]):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged or [(block.start, block.end)]


def _segments(block: str, offset: int) -> Iterator[tuple[int, int]]:
    from qa_service.chunk.pieces import pieces  # noqa: PLC0415 - a worker that only answers needs no syntok

    for start, end, unsure in pieces(block):
        if unsure:
            yield from _read(block[start:end], offset + start)
        else:
            yield offset + start, offset + end


def _read(piece: str, offset: int) -> Iterator[tuple[int, int]]:
    """The sentences that syntok sees, and those that it does not."""
    from syntok import segmenter  # noqa: PLC0415
    from syntok.tokenizer import Tokenizer  # noqa: PLC0415

    # Counted from 0: told an offset, syntok puts as many spaces before the text; long documents took ages.
    tokens = Tokenizer(replace_not_contraction=False).tokenize(piece)
    for tokens_of_one in segmenter.segment(tokens):
        first, last = tokens_of_one[0].offset, tokens_of_one[-1]
        start, end = first, last.offset + len(last.value)
        for hidden in HIDDEN_END.finditer(piece[start:end]):
            yield offset + start, offset + first + hidden.start()
            start = first + hidden.end()
        yield offset + start, offset + end


def _goes_on(before: str, after: str) -> bool:
    """Whether a boundary is a slip: after an abbreviation, or before something no sentence begins with."""
    if after[0].islower() or after[0] in ",;:)]%":
        return True
    if before[-1] == ";":  # a list of long clauses is read clause by clause
        return len(before.split()) + len(after.split()) <= SHORT
    if before[-1] != ".":
        return False
    if before[-2:-1].isupper() and CAPITALS_END.search(before):
        return not STARTER.match(after)
    last = before[-LONGEST_ABBREVIATION:]
    if NUMBER_END.search(last):
        return after[0].isdigit()
    return bool(GOES_ON.search(last))
