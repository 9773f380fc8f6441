"""Take docs/channels/api.png: `python scripts/picture_api.py`.

It shows the page /docs of a real server, from its top, in the system's Chromium.
"""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tests"))

from browsing import browsing  # noqa: E402
from picture_widget import served  # noqa: E402

PICTURE = ROOT / "docs" / "channels" / "api.png"
LARGEST = 160_000  # bytes


def main() -> None:
    """Write the picture."""
    with served() as address, browsing() as browser:
        page = browser.new_page(viewport={"width": 1000, "height": 900})
        page.goto(f"{address}/docs")
        page.screenshot(path=PICTURE)
    size = PICTURE.stat().st_size
    if size > LARGEST:
        sys.exit(f"{PICTURE.name} has {size} bytes, more than {LARGEST}")


if __name__ == "__main__":
    if shutil.which("chromium") is None:
        sys.exit("Chromium is not installed")
    main()
