"""A browser, and a server whose answers are recorded, over a store that only these tests write to."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial

import pytest
from browsing import browsing
from playwright.sync_api import Browser

from channels.running import Server, serving
from channels.widget.pages import Host, hosted
from qa_service.settings import Settings
from qa_service.wiring import Service


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with browsing() as chromium:
        yield chromium


@pytest.fixture(scope="package")
def served(
    service: Service, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("widget")
    for file in settings.store_path.parent.glob("store.db*"):
        shutil.copy(file, folder / file.name)
    with serving(
        QA_STORE=f"sqlite:///{folder / 'store.db'}", QA_EMBED_ORIGINS="https://site.example"
    ) as server:
        yield server


@pytest.fixture
def host(browser: Browser, served: Server) -> Callable[..., AbstractContextManager[Host]]:
    """A page with the widget: ``host(body, lang="de", viewport=…)``."""
    return partial(hosted, browser, served.port)
