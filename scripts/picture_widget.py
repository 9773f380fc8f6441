"""Take docs/channels/widget.png: `python scripts/picture_widget.py`.

It shows the demo page over the bundled digest, asked through a real server, in the system's Chromium.
"""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tests"))

from browsing import browsing  # noqa: E402
from building import settings_in  # noqa: E402
from channels.running import serving  # noqa: E402
from playwright.sync_api import Browser, Page  # noqa: E402

from qa_service.wiring import Service  # noqa: E402

PICTURE = ROOT / "docs" / "channels" / "widget.png"
LARGEST = 160_000  # bytes of a picture
QUESTION = "How do the US and Russia differ on the Taliban?"


@contextmanager
def stored() -> Iterator[str]:
    """The address of a store with the digest."""
    with TemporaryDirectory() as folder:
        service = Service(settings_in(Path(folder)))
        service.prepare()
        service.indexing.ingest([ROOT / "index" / "corpus"])
        service.close()
        yield service.settings.store


@contextmanager
def served() -> Iterator[str]:
    """The address of a server with the digest."""
    with stored() as store, serving(QA_STORE=store) as server:
        yield f"http://127.0.0.1:{server.port}"


def asked(browser: Browser, address: str, width: int, height: int) -> Page:
    """The demo page after a question, as a screen of this size shows it."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(address)
    page.locator("qa-widget textarea").fill(QUESTION)
    page.locator("qa-widget textarea").press("Enter")
    page.locator("qa-widget .citation").nth(1).click()
    page.locator("qa-widget .popover blockquote").get_by_text("By contrast").wait_for()
    return page


def small(picture: Path) -> None:
    """End with a complaint when a picture is too large to be kept."""
    size = picture.stat().st_size
    if size > LARGEST:
        sys.exit(f"{picture.name} has {size} bytes, more than {LARGEST}")


def main() -> None:
    """Write the picture."""
    with served() as address, browsing() as browser:
        page = asked(browser, address, 960, 1040)
        panel = page.locator("qa-widget").bounding_box()
        popover = page.locator("qa-widget .popover").bounding_box()
        assert panel is not None and popover is not None  # noqa: S101 - both are on the page
        top, bottom = panel["y"] - 16, max(one["y"] + one["height"] for one in (panel, popover)) + 16
        clip = {"x": 0, "y": top, "width": 960, "height": bottom - top}
        page.screenshot(path=PICTURE, clip=clip)
    small(PICTURE)


if __name__ == "__main__":
    if shutil.which("chromium") is None:
        sys.exit("Chromium is not installed")
    main()
