"""What docs/channels/ shows is what happens: each Python example is run against a server with the digest."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from channels.running import Server, serving

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "channels").glob("*.md"))
EXAMPLE = re.compile(r"```python\n(?P<code>.*?)```\n\n```text\n(?P<output>.*?)```", re.DOTALL)
WRITTEN = "127.0.0.1:8000"  # where the pages say that the service is


@pytest.fixture(scope="module")
def digest(bundled_store: str) -> Iterator[Server]:
    with serving(QA_STORE=bundled_store, QA_RECORD_ANSWERS="false") as server:
        yield server


def output(code: str, server: Server) -> str:
    """What a program prints, as if the server were where the pages say."""
    here = f"127.0.0.1:{server.port}"
    program = [sys.executable, "-c", code.replace(WRITTEN, here)]
    done = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.replace(here, WRITTEN)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_examples_of_a_page_are_real(page: Path, digest: Server) -> None:
    text = page.read_text("utf-8")

    def real(match: re.Match[str]) -> str:
        return f"```python\n{match['code']}```\n\n```text\n{output(match['code'], digest)}```"

    fresh = EXAMPLE.sub(real, text)
    if os.environ.get("README") == "write":
        page.write_text(fresh, "utf-8")
    assert fresh == text, "run README=write pytest tests/channels/test_channel_pages.py"
