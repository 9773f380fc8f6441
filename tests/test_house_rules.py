"""The house's rules: each finds what it is there for, and the service breaks none."""

import json
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
RULES = runpy.run_path(str(ROOT / "scripts" / "house_rules.py"))
Found = Callable[[str, str], Iterator[Any]]

BAD_PYTHON = [
    "import requests",
    "from urllib import request",
    "from urllib.request import urlopen",
    "import http.client as c",
    "from http import client",
    "import ssl",
    "import urllib3",
    "import feedparser",
    "from trafilatura import downloads",
    "trafilatura.fetch_url(text)",
    "asyncio.open_connection(text, 80)",
    "import httpx",
    "import pickle",
    "from random import choice",
    "import xml.etree.ElementTree as ET",
    "import subprocess",
    "import socket",
    "eval('1')",
    "exec(text)",
    "os.system('ls')",
    "Markup(text)",
    "render_template_string(text)",
    "yaml.load(text)",
    "tempfile.mktemp()",
    "hashlib.md5(b'')",
    "run(text, shell=True)",
    "x = os.environ['A']",
    "os.getenv('A')",
]
GOOD_PYTHON = [
    "import secrets, re",
    "from urllib.parse import quote",
    "re.compile('a')",
    "run(text, shell=False)",
    "yaml.safe_load(text)",
    "from http import HTTPStatus",
]
BAD_TEXTS = [
    ("a.html", "<p>{{ text | safe }}</p>"),
    ("a.html", "<p>{{ text|safe }}</p>"),
    ("a.html", "{% autoescape false %}"),
    ("a.html", "<a href={{ url }}>"),
    ("a.html", '<p style="color: red">'),
    ("a.html", '<p class="x" onclick="go()">'),
    ("a.html", "<script>go()</script>"),
    ("a.html", '<script src="https://cdn.example/x.js"></script>'),
    ("a.html", '<link rel="stylesheet" href="//cdn.example/x.css">'),
    ("a.js", "one.innerHTML = text"),
    ("a.js", "one.insertAdjacentHTML('beforeend', text)"),
    ("a.js", "document.write(text)"),
    ("a.js", "eval(text)"),
    ("a.js", "new Function(text)"),
    ("a.js", "setTimeout('go()', 1)"),
    ("a.js", "location = text"),
    ("a.css", "@import 'x.css'"),
    ("a.css", "a { background: url(//cdn.example/x.png) }"),
]


@pytest.mark.parametrize("text", BAD_PYTHON)
def test_what_no_module_may_do_is_found(text: str) -> None:
    assert list(RULES["of_python"](text, "channels/a.py"))


@pytest.mark.parametrize("text", GOOD_PYTHON)
def test_what_any_module_may_do_is_not(text: str) -> None:
    assert list(RULES["of_python"](text, "channels/a.py")) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("import subprocess", "ingest/sandbox.py"),
        ("import socket", "channels/cli/serve.py"),
        ("import socket", "fetch/connection.py"),
        ("import http.client", "fetch/connection.py"),
        ("x = os.environ", "settings.py"),
    ],
)
def test_who_may_is_named(text: str, name: str) -> None:
    assert list(RULES["of_python"](text, name)) == []
    assert list(RULES["of_python"](text, "other.py"))


@pytest.mark.parametrize(("name", "text"), BAD_TEXTS)
def test_what_no_template_style_or_script_may_hold_is_found(name: str, text: str) -> None:
    (fault,) = RULES["of_text"](f"\n{text}\n", name)
    assert fault.line == 2


def test_a_finding_of_bandit_needs_a_reason_where_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("sql = f'{a}'\nsql = f'{a}'  # noqa: S608 - constants\n", "utf-8")
    results = [
        {
            "filename": str(file),
            "line_number": line,
            "line_range": [line],
            "test_id": "B608",
            "issue_text": "SQL",
        }
        for line in (1, 2)
    ]
    found = list(RULES["of_bandit"](lambda: json.dumps({"results": [results[1]]})))
    assert found == []
    file.write_text("sql = f'{a}'\n", "utf-8")
    (fault,) = RULES["of_bandit"](lambda: json.dumps({"results": [results[0]]}))
    assert fault.what == "B608: SQL"


@pytest.fixture(scope="module")
def report() -> str:
    """Bandit's, of today."""
    told: str = RULES["bandit"]()
    return told


def test_the_service_breaks_none_of_them(report: str) -> None:
    assert sorted(RULES["faults"](lambda: report)) == []


def test_bandit_does_look(report: str) -> None:
    found = json.loads(report)
    assert found["errors"] == []
    assert found["metrics"]["_totals"]["loc"] > 10_000
