"""What is logged: a record becomes one line of JSON, without a secret, a whole address or what was asked.

On a terminal a record is a line for people. Of an exception only its types and places are told, not its
message: that may repeat a question.
"""

import json
import logging
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from logging.config import dictConfig
from types import TracebackType
from typing import Any

REQUEST: ContextVar[str] = ContextVar("request", default="")  # the name of the request that is answered
LONGEST = 4000  # characters of a message
PLACES = 12  # of an exception, the innermost
PEOPLE = "%(asctime)s %(levelname)s %(message)s"
REFUSED = "Invalid request from "  # gunicorn's, of what is no HTTP; it repeats what was sent

HIDDEN = (
    (re.compile(r"\bqa_[0-9a-f]{8}_[\w-]+"), "qa_…"),
    (re.compile(r"\bx(?:ox[a-z]|app)-[\w.-]+"), "x…"),
    (re.compile(r"\b(Bearer|Basic) +[^\s'\"]+", re.IGNORECASE), r"\1 …"),
    (re.compile(r"\?[^\s'\"]+"), "?…"),  # the query of an address: what was asked
    (re.compile(r"(?<![^\s@'\"<(])[^\s@'\"<(]++@[\w.-]+"), "…@…"),
    (re.compile(r"(?<![\d.])(?!127\.|0\.)(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}(?![\d.])"), r"\1.0"),
    (re.compile(r"(?<![\w:])([0-9a-f]{1,4}:[0-9a-f]{1,4}:[0-9a-f]{1,4}):[0-9a-f:]+", re.IGNORECASE), r"\1::"),
)


class JsonLines(logging.Formatter):
    """A record as one line of JSON. What stands in its ``told`` (see `told`) is added as it is."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "event": redacted(record.getMessage()),
        }
        if request := REQUEST.get():
            line["request_id"] = request
        line |= getattr(record, "told", {})
        if record.exc_info and record.exc_info[1]:
            line["errors"] = [_error(one) for one in _chain(record.exc_info[1])]
        return json.dumps(line, default=str)


class ForPeople(logging.Formatter):
    """A record as a line for people, with the name of its request."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and below it where an exception came from."""
        told = " ".join(f"{name}={value}" for name, value in getattr(record, "told", {}).items())
        parts = [redacted(super().format(record)), told, REQUEST.get() and f"[{REQUEST.get()}]"]
        return " ".join(part for part in parts if part)


def told(**values: object) -> dict[str, dict[str, object]]:
    """``extra`` of a log call: what a line tells beside its event."""
    return {"told": values}


def configuration() -> dict[str, Any]:
    """For logging.config.dictConfig: everything to stderr, the service and gunicorn from INFO."""
    made = ForPeople if sys.stderr.isatty() else JsonLines
    kind = f"{made.__module__}.{made.__qualname__}"
    own = {"level": "INFO", "propagate": True, "handlers": []}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": kind, "format": PEOPLE}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "lines", "stream": "ext://sys.stderr"}
        },
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": dict.fromkeys(("qa_service", "gunicorn.error", "gunicorn.access"), own),
    }


def begin(level: str) -> None:
    """From which level on the service's own lines are told, where somebody has set up a handler."""
    logging.getLogger("qa_service").setLevel(level.upper())


def start(level: str) -> None:
    """Log in a process that is no gunicorn's, from this level on."""
    dictConfig(configuration())
    begin(level)


def redacted(text: str) -> str:
    """The text without what is nobody's business: keys, tokens, queries, mail and ends of IP addresses."""
    before, refused, what = text[:LONGEST].partition(REFUSED)
    shown = before + refused + what.partition("'")[0] if refused else before
    for pattern, instead in HIDDEN:
        shown = pattern.sub(instead, shown)
    return shown


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


def _error(error: BaseException) -> dict[str, object]:
    return {"type": type(error).__qualname__, "at": _places(error.__traceback__)[-PLACES:]}


def _places(trace: TracebackType | None) -> list[str]:
    found = []
    while trace is not None:
        code = trace.tb_frame.f_code
        found.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_qualname}")
        trace = trace.tb_next
    return found
