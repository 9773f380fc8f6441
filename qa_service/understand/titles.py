"""A message may name a document by its title, in quotation marks: it is answered from that document."""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

from qa_service.domain.directory import EntryKind, title_key
from qa_service.domain.ports import Snapshot
from qa_service.domain.question import Message, Question
from qa_service.understand.cleaning import clean

QUOTED = re.compile(
    r"(?P<before>\b(?:in|from|according to|as per|per|under)\s+(?:the (?:text|report|speech|paper)\s+)?)?"
    r"(?:“(?P<curly>[^“”]{2,400})”|\"(?P<straight>[^\"]{2,400})\"|«\s?(?P<angled>[^«»]{2,400}?)\s?»)",
    re.IGNORECASE,
)
INSTEAD = "the document"  # "What does … say about it?"
MOST = 4  # quotations that are looked up
WORDS = 3  # fewer name a document only after "in" and the like: 'What is "détente"?' asks for the word
WORD = re.compile(r"\w")
GAP = re.compile(r" (?=[?.,!;:])")  # where a title stood


def within(message: Message, snapshot: Snapshot) -> tuple[Message, tuple[str, ...]]:
    """The message put to the documents that it names, without their titles; and these, as written.

    Where a client chose documents, only those can be named. A message of nothing but a title keeps its words.
    """
    if not set('“"«') & set(message.text):
        return message, ()
    text = clean(message.text)
    named: dict[str, tuple[str, ...]] = {}
    for match in list(QUOTED.finditer(text))[:MOST]:
        title, key = _title(match), title_key(_title(match))
        if not match["before"] and len(key.split()) < WORDS:
            continue
        found = snapshot.entries(EntryKind.TITLE, key)
        chosen = tuple(one for one in found if not message.documents or one in message.documents)
        if chosen:
            named[title] = chosen
    if not named:
        return message, ()
    told = QUOTED.sub(lambda match: _told(match, named), text)
    documents = tuple(dict.fromkeys(chain.from_iterable(named.values())))
    left = told.replace(INSTEAD, "")
    asked = told if WORD.search(left) else text
    return replace(message, text=GAP.sub("", clean(asked)), documents=documents), tuple(named)


def titles(text: str) -> list[str]:
    """What may be a title in a message, as titles are looked up."""
    return [title_key(_title(match)) for match in list(QUOTED.finditer(text))[:MOST]]


def naming(question: Question, titles: Iterable[str]) -> Question:
    """The question, which as it stands alone tells the titles of the documents that it is put to."""
    told = " and ".join(f"“{title}”" for title in titles if title not in question.standalone)
    return replace(question, standalone=f"{question.standalone} (in {told})") if told else question


def _title(match: re.Match[str]) -> str:
    return (match["curly"] or match["straight"] or match["angled"]).strip()


def _told(match: re.Match[str], named: Iterable[str]) -> str:
    """What stands for a quotation: itself when it names no document."""
    if _title(match) not in named:
        return match[0]
    return " " if match["before"] else INSTEAD
