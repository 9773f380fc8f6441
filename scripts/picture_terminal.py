"""Take docs/channels/webhook.png and mcp.png: `python scripts/picture_terminal.py`.

Each command is run in a shell, against a real server with the digest; what it prints is laid out as a
terminal does and photographed with the system's Chromium. Only the commands and `ask.py` are written here.
"""

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tests"))

from browsing import browsing  # noqa: E402
from channels.running import COMMAND, environment, serving  # noqa: E402
from picture_widget import small, stored  # noqa: E402
from playwright.sync_api import Browser  # noqa: E402

PICTURES = ROOT / "docs" / "channels"
WITHIN = 60  # seconds for a command
PUBLIC = "https://answers.example.org"
TOKEN = "the-token-that-the-chat-shows"  # noqa: S105 - an example's
WEBHOOK = f"""curl -s http://127.0.0.1:{{port}}/hooks/slack-compatible \\
  -d token={TOKEN} -d trigger_word=ask \\
  --data-urlencode 'text=ask When was the third Moscow meeting held?'"""
PROGRAM = """import asyncio, json, os
from mcp import Client, StdioServerParameters

service = StdioServerParameters(command="qa-service", args=["mcp"], env=dict(os.environ))


async def main():
    async with Client(service) as client:
        answer = await client.call_tool("ask", {"question": "What is ISK?"})
        print(answer.content[0].text, end="\\n\\n")
        print(json.dumps(answer.structured_content["citations"][0], indent=2, ensure_ascii=False))


asyncio.run(main())
"""
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Terminal</title><style>
body {{ margin: 0; background: #1b1d21 }}
pre {{ font: 14px/1.45 "DejaVu Sans Mono", monospace; color: #d6d8dc; width: 960px; margin: 0;
padding: 18px 20px; white-space: pre-wrap; word-break: break-all }}
b {{ color: #fff }} i {{ color: #7fb4ff; font-style: normal }}
</style><body><pre>{lines}</pre></body></html>"""


def session(commands: Sequence[str], values: Mapping[str, str], folder: Path) -> str:
    """The commands, run one after the other in the folder, and what each printed, as HTML."""
    path = f"{COMMAND.parent}:{environment({})['PATH']}"
    lines = []
    for command in commands:
        done = subprocess.run(  # noqa: S603 - the commands are those above
            ["/bin/sh", "-c", command],
            cwd=folder,
            env=environment({**values, "PATH": path}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=WITHIN,
            check=True,
        )
        lines.append(f"<i>$</i> <b>{escape(command)}</b>\n{escape(done.stdout.rstrip())}\n")
    return PAGE.format(lines="\n".join(lines))


def photograph(browser: Browser, name: str, html: str) -> None:
    """Write the picture of this name."""
    picture = PICTURES / name
    page = browser.new_page(viewport={"width": 1000, "height": 100})
    page.set_content(html)
    page.screenshot(path=picture, full_page=True)
    small(picture)


def main() -> None:
    """Write both pictures."""
    with stored() as store, TemporaryDirectory() as folder:
        (Path(folder) / "ask.py").write_text(PROGRAM, "utf-8")
        values = {"QA_STORE": store, "QA_PUBLIC_URL": PUBLIC, "QA_RECORD_ANSWERS": "false"}
        with serving(**values, QA_HOOK_TOKENS=TOKEN) as server:
            webhook = session([WEBHOOK.format(port=server.port)], {}, Path(folder))
        mcp = session(["cat ask.py", "python ask.py"], values, Path(folder))
    with browsing() as browser:
        photograph(browser, "webhook.png", webhook)
        photograph(browser, "mcp.png", mcp)


if __name__ == "__main__":
    if shutil.which("chromium") is None:
        sys.exit("Chromium is not installed")
    main()
