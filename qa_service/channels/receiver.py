"""The process that changes the index for a worker: what to add or remove as JSON in, a report out."""

import json
import logging
import os
import signal
import sys
from base64 import b64decode
from contextlib import closing
from typing import Any

from qa_service import logs
from qa_service.domain.errors import NotFoundError, OperatorError
from qa_service.settings import Settings
from qa_service.wiring import Service

log = logging.getLogger(__name__)
NICE = 5  # who asks comes first


def main() -> None:
    """One report on stdout. Ends, with what it started, when it is told to."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    os.nice(NICE)
    asked = json.load(sys.stdin.buffer)
    settings = Settings.model_validate(asked["settings"])
    logs.start(settings.log_level)
    try:
        told = done(settings, asked)
    except OperatorError as error:
        told = {"outage": str(error)}
    except Exception:
        log.exception("Files that were sent could not be read")
        raise SystemExit(1) from None
    json.dump(told, sys.stdout)


def done(settings: Settings, asked: dict[str, Any]) -> dict[str, Any]:
    """The report of what was asked."""
    if "remove" in asked:
        return removed(settings, asked["remove"])
    return reported(settings, [(name, b64decode(data)) for name, data in asked["files"]])


def removed(settings: Settings, document_id: str) -> dict[str, Any]:
    """Whether there was such a document; it is gone now."""
    with closing(Service(settings)) as service:
        try:
            service.indexing.remove(document_id)
        except NotFoundError:
            return {"found": False}
    return {"found": True}


def reported(settings: Settings, files: list[tuple[str, bytes]]) -> dict[str, Any]:
    """What became of the files."""
    with closing(Service(settings)) as service:
        report = service.indexing.receive(files)
    return {
        "added": report.added,
        "known": report.known,
        "rejected": [{"name": one.name, "reason": one.reason} for one in report.rejected],
        "index_version": report.version,
    }


if __name__ == "__main__":
    main()
