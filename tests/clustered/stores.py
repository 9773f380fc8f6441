"""Settings and commands for a store that a test names."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from building import COMMENTARY

from qa_service.settings import CHECKOUT, Settings, load

CORPUS = [COMMENTARY, *sorted((CHECKOUT / "index" / "corpus").glob("*.md"))]
Command = Callable[..., "subprocess.CompletedProcess[str]"]


def stored(store: str, **values: str) -> Settings:
    return load({"QA_STORE": store, "QA_RECORD_ANSWERS": "false", **values})


def started(*words: str) -> list[str]:
    return [str(Path(sys.executable).with_name("qa-service")), *words]


def environment(store: str) -> dict[str, str]:
    return {**os.environ, "QA_STORE": store, "QA_RECORD_ANSWERS": "false"}
