"""The system's Chromium, driven by Playwright, and what npm brings for tests.

A test that needs them is marked ``browser`` and says so where they are missing; in CI it fails instead.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MODULES = Path(__file__).parent / "node" / "node_modules"
PATIENCE = 30_000  # milliseconds that something expected may take on a busy machine
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def missing(what: str) -> None:
    """End the test: skipped on a machine of one's own, failed in CI, where nothing may be missing."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(what)


@contextmanager
def browsing() -> Iterator[Browser]:
    """A headless Chromium. Playwright's loop runs until it is closed: no asyncio in the same thread."""
    if CHROMIUM is None:
        missing("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def packaged(name: str) -> Path:
    """A file of an npm package, as "deep-chat/dist/deepChat.bundle.js"."""
    file = MODULES / name
    if not file.exists():
        missing(f"{name} is not installed: make test does so where there is npm")
    return file
