"""docs/channels/widget.md names everything that a page can set, hear or style, and nothing else."""

import re

from channels.widget.pages import ROOT
from qa_service.channels.widget.assembly import FOLDER, languages

PAGE = (ROOT / "docs" / "channels" / "widget.md").read_text("utf-8")
CODE = "\n".join(file.read_text("utf-8") for file in sorted((FOLDER / "script").glob("*.js")))
STYLE = (FOLDER / "script" / "style.css").read_text("utf-8")


def documented(pattern: str, text: str = PAGE) -> set[str]:
    return set(re.findall(pattern, text))


def test_every_attribute() -> None:
    used = documented(r'getAttribute\("(\w+)"\)', CODE) | documented(r":host\(\[(\w+)=", STYLE) | {"lang"}

    rows = PAGE[PAGE.index("## Attributes") : PAGE.index("## From a script")]
    assert documented(r"\n\| `(\w+)` \|", rows) == used


def test_every_event() -> None:
    told = {f"qa-{name}" for name in re.findall(r'(?:tell)\("(\w+)"', CODE)}

    assert documented(r"`(qa-[a-z]+)`") >= told
    assert {name for name in documented(r"`(qa-[a-z]+)`") if name != "qa-widget"} == told


def test_every_variable() -> None:
    assert documented(r"`(--qa-[a-z-]+)`") == documented(r"var\((--qa-[a-z-]+)", STYLE)


def test_every_part_is_a_class() -> None:
    listed = PAGE[PAGE.index("Every class inside is a part") : PAGE.index("## What a page has to allow")]
    classes = {
        one
        for text in re.findall(r'class: ["`]([\w ${}.]+)["`]', CODE)
        for one in re.findall(r"[a-z]+", text)
    }

    assert set(re.findall(r"`([a-z]+)`", listed)) <= classes


def test_every_kind_of_trouble_and_every_language() -> None:
    kinds = set(re.findall(r'Trouble\("(\w+)"', CODE)) | {"outage", "offline"}

    (row,) = re.findall(r"^\| `qa-error` \| `kind`: (.*) \|$", PAGE, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", row)) == kinds
    assert set(re.findall(r"`(\w\w)`", re.findall(r"^\| `lang` \|.*$", PAGE, re.MULTILINE)[0])) == set(
        languages()
    )
