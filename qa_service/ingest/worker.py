"""``python -m qa_service.ingest.worker FORMAT STEM CPU MEMORY PAGES``: a file on stdin, its draft on stdout.

The process limits itself before it imports a parser; what it prints is JSON, so that a parser
that was taken over can still only say wrong words.
"""

import json
import resource
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, cast

from qa_service.ingest.assembly import Draft, Source
from qa_service.ingest.errors import UnreadableError
from qa_service.ingest.metadata import Metadata


def confine(cpu_seconds: int, memory_bytes: int) -> None:
    """No more processor time, memory, files or bytes written than a parser needs."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(arguments: list[str]) -> None:
    """Print {"draft": …} or {"reason": …}."""
    kind, stem = arguments[0], arguments[1]
    cpu, memory, pages = map(int, arguments[2:5])
    confine(cpu, memory)
    try:
        result: dict[str, Any] = {"draft": packed(_drafted(kind, stem, pages))}
    except UnreadableError as error:
        result = {"reason": str(error)}
    except (MemoryError, RecursionError):
        result = {"reason": "too complex: reading it takes more memory than is allowed"}
    sys.stdout.write(json.dumps(result))


def _drafted(kind: str, stem: str, pages: int) -> Draft:
    source = Source(name="", file_name="", stem=stem, origin="", data=sys.stdin.buffer.read())
    module = import_module(f"qa_service.ingest.{kind}")
    if kind == "pdf":
        return cast("Draft", module.draft(source, pages))
    return cast("Callable[[Source], Draft]", module.draft)(source)


def packed(draft: Draft) -> dict[str, Any]:
    """A draft as plain JSON values."""
    return {
        "parts": [
            [
                part.kind,
                part.level,
                [[piece.text, piece.start, piece.end, piece.page] for piece in part.traced.pieces],
            ]
            for part in draft.parts
        ],
        "metadata": {name: getattr(draft.metadata, name) for name in Metadata.__slots__},
        "media_type": draft.media_type,
        "unit": draft.unit,
    }


if __name__ == "__main__":
    main(sys.argv[1:])
