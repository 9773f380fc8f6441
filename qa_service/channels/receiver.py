"""The process that reads files which were sent: settings and files as JSON in, what became of them out."""

import json
import logging
import signal
import sys
from base64 import b64decode
from contextlib import closing
from typing import Any

from qa_service import logs
from qa_service.domain.errors import OperatorError
from qa_service.settings import Settings
from qa_service.wiring import Service

log = logging.getLogger(__name__)


def main() -> None:
    """One report on stdout. Ends, with what it started, when it is told to."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    asked = json.load(sys.stdin.buffer)
    settings = Settings.model_validate(asked["settings"])
    logs.start(settings.log_level)
    try:
        told = reported(settings, [(name, b64decode(data)) for name, data in asked["files"]])
    except OperatorError as error:
        told = {"outage": str(error)}
    except Exception:
        log.exception("Files that were sent could not be read")
        raise SystemExit(1) from None
    json.dump(told, sys.stdout)


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
