"""A Markdown message becomes the text of a reply: within a chat's limits, and mentioning nobody."""

import re
from collections.abc import Iterator

from qa_service.channels.hooks.tokens import Dialect
from qa_service.compose.prose import Bullets, Line, Paragraph, Run, Table, plain, prose

LONGEST = 9_000  # characters; Zulip takes 10,000, Mattermost 16,383
MENTION = re.compile(r"(?<![\w@/])@(?=\w)")
APART = "@\u200b"  # an at sign that calls nobody: a space without width follows it


def text(markdown: str, dialect: Dialect, cut: str) -> str:
    """The reply. What does not fit is left out after a whole paragraph, and ``cut`` says so."""
    made = markdown if dialect is Dialect.MARKDOWN else "\n\n".join(_mrkdwn(markdown))
    return _within(MENTION.sub(APART, made), cut)


def _within(made: str, cut: str) -> str:
    if len(made) <= LONGEST:
        return made
    room = LONGEST - len(cut) - 2
    end = made.rfind("\n\n", 0, room)
    return f"{made[: end if end > 0 else room]}\n\n{cut}"


def _mrkdwn(markdown: str) -> Iterator[str]:
    """Each part in Slack's markup; a table's rows follow each other, each cell under its column's name."""
    for part in prose(markdown):
        match part:
            case Paragraph():
                yield _line(part.line)
            case Bullets():
                yield "\n".join(f"{'' if part.ordered else '• '}{_line(item)}" for item in part.items)
            case Table():
                for first, *cells in part.rows:
                    named = zip(part.header[1:], cells, strict=True)
                    rows = [f"{_line(_bold(name))}: {_line(cell)}" for name, cell in named]
                    yield "\n".join([_line(_bold(first)), *rows])


def _line(line: Line) -> str:
    return "".join(_run(run) for run in line)


def _run(run: Run) -> str:
    shown = run.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    mark = "*" if run.bold else "_" if run.italic else ""
    if run.link:
        shown = f"<{run.link}|{shown}>"
    return f"{mark}{shown}{mark}" if shown.strip() == shown else shown


def _bold(line: Line) -> Line:
    return (Run(plain(line), bold=True),)
