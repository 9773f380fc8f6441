"""Draw docs/channels/slack.png: `python scripts/picture_slack.py`.

Asks the bundled corpus, takes the blocks that are sent to Slack and draws them with the system's Chromium.
The blocks are the real ones; their look is only like Slack's.
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from html import escape, unescape
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from qa_service.channels.slack.presenting import Presenting
from qa_service.compose.phrases import load_phrases
from qa_service.domain.question import Message
from qa_service.settings import load
from qa_service.wiring import Service

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "channels" / "slack.png"
QUESTIONS = ("How do Russia and the US differ on peace talks?", "When was the third Moscow meeting held?")
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Blocks</title><style>
body {{ font: 15px/1.45 system-ui, sans-serif; width: 720px; margin: 0; padding: 16px 20px; color: #1d1c1d }}
.who {{ font-weight: 700; margin: 18px 0 4px }} .who:first-child {{ margin-top: 0 }}
.small, .small * {{ font-size: 12.5px; color: #616061 }} p, ul, blockquote {{ margin: 4px 0 8px }}
.fields {{ display: grid; grid-template-columns: 1fr 1fr; gap: 2px 18px; margin: 4px 0 10px }}
blockquote {{ border-left: 4px solid #ddd; padding-left: 12px }} a {{ color: #1264a3; text-decoration: none }}
.button {{ display: inline-block; border: 1px solid #bbb; border-radius: 4px; padding: 3px 10px;
margin: 2px 8px 6px 0; font-size: 13px; font-weight: 600 }} hr {{ border: 0; border-top: 1px solid #ddd }}
</style><body>{body}</body></html>"""


def drawn(blocks: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The blocks of a message as HTML."""
    for block in blocks:
        match block["type"]:
            case "rich_text":
                yield from (_rich(part) for part in block["elements"])
            case "section":
                fields = "".join(f"<div>{_text(one)}</div>" for one in block["fields"])
                yield f'<div class="fields">{fields}</div>'
            case "divider":
                yield "<hr>"
            case "context":
                yield f'<p class="small">{" ".join(_text(one) for one in block["elements"])}</p>'
            case "actions":
                yield "".join(_button(one["text"]) for one in block["elements"])
            case "context_actions":
                [thumbs] = block["elements"]
                yield _button(thumbs["positive_button"]["text"]) + _button(thumbs["negative_button"]["text"])


def _rich(part: dict[str, Any]) -> str:
    if part["type"] == "rich_text_list":
        return f"<ul>{''.join(f'<li>{_runs(one)}</li>' for one in part['elements'])}</ul>"
    tag = "blockquote" if part["type"] == "rich_text_quote" else "p"
    return f"<{tag}>{_runs(part)}</{tag}>"


def _runs(part: dict[str, Any]) -> str:
    return "".join(_run(one) for one in part["elements"])


def _run(run: dict[str, Any]) -> str:
    made = escape(run["text"])
    for style in run.get("style", {}):
        made = f"<{style[0]}>{made}</{style[0]}>"
    return f'<a href="#">{made}</a>' if run["type"] == "link" else made


def _text(element: dict[str, Any]) -> str:
    if element["type"] == "plain_text":
        return escape(element["text"])
    links = (one.partition("|") for one in element["text"].strip("<>").split("> <"))
    return " ".join(
        f'<a href="#">{escape(unescape(label))}</a>' if label else _bold(url) for url, _, label in links
    )


def _bold(text: str) -> str:
    return f"<b>{escape(unescape(text.strip('*')))}</b>" if text.startswith("*") else escape(unescape(text))


def _button(label: dict[str, str]) -> str:
    return f'<span class="button">{escape(label["text"])}</span>'


def main() -> None:
    """Draw it."""
    with tempfile.TemporaryDirectory() as folder:
        service = Service(load({"QA_STORE": f"sqlite:///{folder}/store.db", "QA_RECORD_ANSWERS": "false"}))
        service.prepare()
        service.indexing.ingest([ROOT / "index" / "corpus"])
        presenting = Presenting(load_phrases(service.settings.prompts), "https://answers.example.org")
        said = []
        for question in QUESTIONS:
            [message] = presenting.answer(service.answering.answer(Message(text=question))).messages
            said.append(f'<p class="who">Ana</p><p>{escape(question)}</p>')
            said.append(f'<p class="who">{escape(presenting.phrases.app_name)}</p>')
            said.extend(drawn(message))
        service.close()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 760, "height": 400})
        page.set_content(PAGE.format(body="".join(said)))
        page.screenshot(path=PICTURE, full_page=True)
        browser.close()
    sys.stdout.write(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
