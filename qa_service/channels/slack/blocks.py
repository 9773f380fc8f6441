"""Block Kit within Slack's limits: prose and labels in, blocks out; blocks in, messages of blocks out.

What a document says goes into rich_text and plain_text, where nothing is markup: a quote is shown letter by
letter and can mention nobody. mrkdwn carries only words of ours and links.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from qa_service.compose.links import WEB
from qa_service.compose.prose import Bullets, Line, Paragraph, Prose, Run, Table, plain

Block = dict[str, Any]
Links = Mapping[int, str]  # where the marker of each citation leads
NOWHERE: Links = MappingProxyType({})

BLOCKS = 50  # in a message
CHARACTERS = 11_000  # of a message as JSON; Slack refused 11,341 characters of text once, and refuses 13,297
TEXT = 2_900  # of one text; Slack allows 3,000 in a section
FIELD = 2_000  # of one field of a section
LABEL = 75  # of a button
VALUE = 2_000  # of a button
NOTHING = "–"  # in an empty cell: Slack takes no empty text


def of_prose(parts: Prose, links: Links = NOWHERE) -> Iterator[Block]:
    """Paragraphs and bullets as rich text, a table row by row with the cells side by side.

    A citation's marker leads where ``links`` says, outside tables.
    """
    for part in parts:
        match part:
            case Paragraph():
                for elements in _cut(part.line, links):
                    yield rich({"type": "rich_text_section", "elements": elements})
            case Bullets(ordered=True):
                yield from of_prose(tuple(Paragraph(item) for item in part.items), links)
            case Bullets():
                yield from _bullets(part, links)
            case Table():
                yield from _table(part)


def rich(*elements: Block) -> Block:
    """A rich text of sections, lists and quotes."""
    return {"type": "rich_text", "elements": list(elements)}


def bold(text: str) -> Block:
    """A line in bold."""
    return next(of_prose((Paragraph((Run(text, bold=True),)),)))


def quoted(text: str) -> Iterator[Block]:
    """A passage, set apart from what is said."""
    for one in _cut((Run(text),), NOWHERE):
        yield rich({"type": "rich_text_quote", "elements": one})


def label(text: str) -> Block:
    """Plain text of an element; emoji names stay letters."""
    return {"type": "plain_text", "text": text, "emoji": False}


def mrkdwn(text: str) -> Block:
    """Slack's markup; values in it have to be escaped."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def context(*elements: Block) -> Block:
    """A line in small print; at most ten elements."""
    return {"type": "context", "elements": list(elements)}


def button(text: str, action: str, value: str) -> Block:
    """A button; a label that is too long is cut, a value never is."""
    shown = text if len(text) <= LABEL else text[: LABEL - 1] + "…"
    return {"type": "button", "text": label(shown), "action_id": action, "value": value}


def actions(*elements: Block) -> Block:
    """Buttons in a row."""
    return {"type": "actions", "elements": list(elements)}


def escape(text: str) -> str:
    """Text for mrkdwn in which nothing is a mention or a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def size(blocks: Sequence[Block]) -> int:
    """How much of CHARACTERS they take."""
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))


def messages(body: Iterable[Block], tail: Sequence[Block], most: int, cut: str) -> list[list[Block]]:
    """The blocks as messages that Slack takes, in their order; ``tail`` stands at the end of the last.

    What of ``body`` does not fit into ``most`` messages is left out, and ``cut`` says so.
    """
    made: list[list[Block]] = [[]]
    said = context(label(cut))
    for block in body:
        if not _fits([*made[-1], block], [said, *tail] if len(made) == most else []):
            if len(made) == most:
                made[-1].append(said)
                break
            made.append([])
        made[-1].append(block)
    if not _fits(made[-1], tail):
        made.append([])
    made[-1].extend(tail)
    return made


def _fits(blocks: Sequence[Block], more: Sequence[Block]) -> bool:
    return len(blocks) + len(more) <= BLOCKS and size([*blocks, *more]) <= CHARACTERS


def _element(run: Run, links: Links) -> Block:
    link = links.get(run.mark, run.link)
    style = {name: True for name in ("bold", "italic") if getattr(run, name)}
    kind = {"type": "link", "url": link} if link.startswith(WEB) else {"type": "text"}
    return kind | {"text": run.text} | ({"style": style} if style else {})


def _cut(line: Line, links: Links) -> Iterator[list[Block]]:
    """The elements of a line; of a very long one in several portions, cut between words."""
    portion: list[Block] = []
    room = TEXT
    for run in line:
        text = run.text
        while len(text) > room:
            end = text.rfind(" ", 0, room) + 1 or room
            portion.append(_element(replace(run, text=text[:end]), links))
            yield portion
            portion, room, text = [], TEXT, text[end:]
        if text:
            portion.append(_element(replace(run, text=text), links))
            room -= len(text)
    if portion:
        yield portion


def _bullets(part: Bullets, links: Links) -> Iterator[Block]:
    """Lists of at most TEXT characters each."""
    sections: list[Block] = []
    room = TEXT
    for item in part.items:
        for elements in _cut(item, links):
            length = sum(len(one["text"]) for one in elements)
            if sections and length > room:
                yield _list(sections)
                sections, room = [], TEXT
            sections.append({"type": "rich_text_section", "elements": elements})
            room -= length
    if sections:
        yield _list(sections)


def _list(sections: list[Block]) -> Block:
    return rich({"type": "rich_text_list", "style": "bullet", "elements": sections})


def _table(part: Table) -> Iterator[Block]:
    """A heading for each row, then its cells in pairs, which Slack sets side by side."""
    columns = [plain(one) for one in part.header[1:]]
    for first, *cells in part.rows:
        if plain(first) in {"", NOTHING}:
            yield {"type": "divider"}
        else:
            yield from of_prose((Paragraph(tuple(replace(run, bold=True) for run in first)),))
        row = list(zip(columns, (plain(cell) or NOTHING for cell in cells), strict=True))
        for pair in (row[place : place + 2] for place in range(0, len(row), 2)):
            if any(len(text) > FIELD for _, text in pair):
                yield from of_prose(tuple(_stacked(name, text) for name, text in pair))
            else:
                names = [_name(name) for name, _ in pair]
                yield {"type": "section", "fields": [*names, *(label(text) for _, text in pair)]}


def _name(text: str) -> Block:
    """A column's name in bold, unless it has letters that would be markup."""
    return label(text or NOTHING) if not text or set("*_~`") & set(text) else mrkdwn(f"*{escape(text)}*")


def _stacked(name: str, text: str) -> Paragraph:
    return Paragraph((Run(f"{name}: ", bold=True), Run(text)))
