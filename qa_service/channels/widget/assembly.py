"""The widget's files become one script: what is served, its version, its hash."""

import base64
import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

FOLDER = Path(__file__).parent
# In the order of what needs what; a test holds it against the imports.
MODULES = (
    "words",
    "nodes",
    "dates",
    "service",
    "memory",
    "quotes",
    "comparison",
    "timeline",
    "actions",
    "card",
    "popover",
    "trouble",
    "widget",
)
COMMENT = re.compile(r"(^|\s)(//.*|/\*.*\*/)$")
SPACED = re.compile(
    r"""(?P<string>"[^"\n]*"|'[^'\n]*'|`[^`]*`)|(?:(?<! ) +)?(?P<sign>[-+*/=<>?:,;!|&(){}]+) *"""
)
BROKEN = re.compile(r"(?<=[;{},(\[])\n|\n(?=[})\]])")  # where no line has to end


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The script as it is served."""

    body: bytes
    gzipped: bytes
    version: str  # names these bytes and no others
    integrity: str  # for a script tag

    @property
    def path(self) -> str:
        """Where exactly these bytes are served, for good."""
        return f"/widget/{self.version}/qa-widget.js"


@cache
def script() -> Script:
    """The widget, assembled from its files."""
    body = assembled().encode()
    digest = hashlib.sha384(body).digest()
    return Script(
        body=body,
        gzipped=gzip.compress(body, 9, mtime=0),
        version=f"{version('qa-service')}-{digest.hex()[:12]}",
        integrity=f"sha384-{base64.b64encode(digest).decode()}",
    )


def assembled() -> str:
    """The words, the style sheet and the modules as one classic script in a scope of its own.

    Each module is an ES module whose imports name only others of them, so that joining them is leaving the
    imports out. Comments on lines of their own, and spaces and line ends that say nothing, are left out too.
    """
    style = re.sub(r" ?([{};:,>]) ", r"\1", " ".join(_kept(FOLDER / "script" / "style.css")))
    style = style.replace(";}", "}").replace('"', "'")
    lines = [line for name in MODULES for line in _kept(FOLDER / "script" / f"{name}.js")]
    code = "\n".join(line.removeprefix("export ") for line in lines if not line.startswith("import "))
    english = ",".join(f"{name}:{_json(text)}" for name, text in words("en").items())
    told = f"const ENGLISH={{{english}}},LANGUAGES={_json(languages())},STYLE={_json(style)};"
    return f'(()=>{{\n"use strict";\n{told}\n{BROKEN.sub("", SPACED.sub(_tight, code))}\n}})();\n'


def languages() -> list[str]:
    """The languages that there is a table of words for."""
    return sorted(file.stem for file in (FOLDER / "words").glob("*.json"))


def words(language: str) -> dict[str, str]:
    """The table of a language."""
    found: dict[str, str] = json.loads(words_file(language).read_text("utf-8"))
    return found


def words_file(language: str) -> Path:
    """Where the table of a language stands."""
    return FOLDER / "words" / f"{language}.json"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _tight(match: re.Match[str]) -> str:
    """A string as it is, a sign of punctuation without the spaces around it."""
    return match["string"] or match["sign"]


def _kept(file: Path) -> list[str]:
    """The lines of a file without comments, indentation and what is empty then."""
    lines = (COMMENT.sub("", line).strip() for line in file.read_text("utf-8").splitlines())
    return [line for line in lines if line]


def tag(origin: str, **attributes: str) -> str:
    """The script tag that puts the widget on a page; ``origin`` is where this service is reached."""
    found = script()
    named = "".join(f' data-{name}="{value}"' for name, value in attributes.items())
    source = f'src="{origin.rstrip("/")}{found.path}" integrity="{found.integrity}" crossorigin="anonymous"'
    return f"<script {source}{named} defer></script>"


def floating(origin: str) -> str:
    """The tag of the button at the edge of the window, with its panel."""
    return tag(origin, mode="floating")
