"""An answer object that came back from outside: does it tell what it quotes?"""

import re
from collections.abc import Mapping
from typing import Any

ESCAPE = re.compile(r"\\([^\w\s])")  # Markdown's


def tells_its_quotes(answer: Mapping[str, Any]) -> bool:
    """Whether every quote stands word for word in the text and in the statements that cite it.

    A short answer has to be words of the first quote, or yes, no or otherwise. Raises KeyError or
    TypeError when this is no answer object.
    """
    quotes = {citation["number"]: _plain(citation["quote"]) for citation in answer["citations"]}
    text = _plain(ESCAPE.sub(r"\1", answer["text"]))
    told = all(
        quotes[number] in _plain(statement["text"])
        for statement in answer["statements"]
        for number in statement["citations"]
    )
    short = answer.get("short")
    brief = short in (None, "yes", "no", "otherwise") or _plain(short) in quotes.get(1, "")
    return told and brief and all(quote in text for quote in quotes.values())


def _plain(text: str) -> str:
    return " ".join(text.split())
