"""Take docs/channels/api.png: `python scripts/picture_api.py`.

It shows the page /docs of a real server, from its top, in the system's Chromium.
"""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tests"))

from browsing import browsing  # noqa: E402
from picture_widget import served, small  # noqa: E402

PICTURE = ROOT / "docs" / "channels" / "api.png"


def main() -> None:
    """Write the picture."""
    with served() as address, browsing() as browser:
        page = browser.new_page(viewport={"width": 1000, "height": 900})
        page.goto(f"{address}/docs")
        page.screenshot(path=PICTURE)
    small(PICTURE)


if __name__ == "__main__":
    if shutil.which("chromium") is None:
        sys.exit("Chromium is not installed")
    main()
