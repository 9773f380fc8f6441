"""There is one way out to an address that somebody names, and it is not open to the web.

What a module may import is looked at in the text of the service; what readers of files do, while they read.
"""

import ast
import os
import re
import subprocess
import sys
from functools import cache
from io import BytesIO
from pathlib import Path

import docx
from ingest.pdf_writer import Pdf

from fetch.sites import HERE, secret, speaker

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = Path(__file__).parents[2] / "qa_service"
# What can open a connection, and which parts may have it: to whom they connect stands in a setting.
CONNECTS = {
    "socket": {"fetch/connection.py", "channels/cli/serve.py"},  # the latter looks whether an address is free
    "ssl": {"fetch/connection.py", "fetch/fetcher.py"},
    "http.client": {"fetch/connection.py", "fetch/fetcher.py"},
    "opensearchpy": {"store/opensearch/connection.py", "store/opensearch/reading_json.py"},  # QA_STORE
    "slack_sdk": {"channels/slack/"},  # Slack's own address, or QA_SLACK_API
    "slack_bolt": {"channels/slack/"},
    "asyncio": {"channels/mcp/"},  # an event loop of its own, that connects to nobody
    "mcp": {"channels/mcp/"},
    "opentelemetry": {"channels/tracing.py"},  # the collector that a setting names
    "gunicorn": {"channels/cli/serve.py", "channels/"},  # listens
}
QUIET = frozenset(
    "Stemmer charset_normalizer click docx flask flask_openapi icalendar jinja2 lxml markdown_it numpy "
    "prometheus_client pydantic pydantic_core pypdfium2 rank_bm25 rapidfuzz sqlite_utils syntok tantivy "
    "tomli trafilatura werkzeug yaml".split()
)  # connect to nobody as the service uses them; those that read files are watched below
NEVER = (
    "requests httpx httpcore urllib3 urllib.request aiohttp websockets websocket pycurl feedparser ftplib "
    "xmlrpc smtplib poplib imaplib telnetlib trafilatura.downloads"
)
CALLS = "create_connection open_connection fetch_url fetch_response urlopen urlretrieve getaddrinfo"
FETCH = "qa_service.fetch"
WATCHED = """
import sys
from importlib import import_module
from pathlib import Path
import socket
from qa_service.ingest.assembly import Source

NOTED = "socket.connect socket.getaddrinfo socket.gethostbyname urllib.Request subprocess.Popen".split()

def watch(event, _):
    if event in NOTED:
        print("connects", flush=True)

sys.addaudithook(watch)
for path in map(Path, sys.argv[1:]):
    kind = {".md": "markdown", ".xhtml": "html"}.get(path.suffix, path.suffix[1:])
    source = Source(name="", file_name=path.name, stem="a", origin="", data=path.read_bytes())
    more = (100,) if kind == "pdf" else ()
    assert import_module(f"qa_service.ingest.{kind}").draft(source, *more).parts, path
    print(kind, flush=True)
try:
    socket.create_connection(("127.0.0.1", 9), timeout=5)  # what is watched for is seen
except OSError:
    pass
"""


def hostile(url: str) -> dict[str, bytes]:
    """Files that name ``url`` wherever their format knows addresses."""
    words = "<p>In 2014, Norway said that the weir was safe for everybody in the valley.</p>"
    loads = (
        f"<base href='{url}'><link rel=stylesheet href='{url}'><script src='{url}'></script>"
        f"<meta http-equiv=refresh content='0;url={url}'><meta property='og:url' content='{url}'>"
    )
    shows = f"<img src='{url}'><iframe src='{url}'></iframe><object data='{url}'></object><video src='{url}'>"
    doctype = f"<?xml version='1.0'?><!DOCTYPE html SYSTEM '{url}x.dtd' [<!ENTITY x SYSTEM '{url}'>]>"
    included = f"<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='{url}'/>"
    word = docx.Document()
    word.add_paragraph("In 2014, Norway said that the weir was safe.")
    for kind in ("image", "hyperlink", "attachedTemplate", "frame"):
        word.part.relate_to(url, f"{RELATIONS}/{kind}", is_external=True)
    written = BytesIO()
    word.save(written)
    pdf = Pdf(info={"Title": url}).page().column(72, 700, ["The weir was safe."]).bytes()
    action = f"/Type /Catalog /OpenAction << /S /URI /URI ({url}) >>".encode()
    return {
        "a.docx": written.getvalue(),
        "a.html": f"<html><head>{loads}</head><body>{shows}{words}</body></html>".encode(),
        "a.md": f"![x]({url})\n\nIn 2014, Norway said [so]({url}).\n\n<img src='{url}'>\n".encode(),
        "a.pdf": pdf.replace(b"/Type /Catalog", action),
        "a.txt": f"The weir\n\nNorway said so: {url}\n".encode(),
        "a.xhtml": f"{doctype}<html><body>&x;{included}{words}</body></html>".encode(),
    }


@cache
def imports() -> frozenset[tuple[str, str]]:
    """(file, module) of every import of the service, wherever in a file it stands."""
    found = set()
    for file in PACKAGE.rglob("*.py"):
        name = file.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {(name, one.name) for one in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found |= {(name, node.module), *((name, f"{node.module}.{one.name}") for one in node.names)}
    return frozenset(found)


def importers(module: str) -> set[str]:
    return {file for file, one in imports() if one == module or one.startswith(f"{module}.")}


def test_who_can_connect_is_named() -> None:
    for module, allowed in CONNECTS.items():
        there = importers(module)
        assert there, module
        assert {one for one in there if not one.startswith(tuple(allowed))} == set(), module


def test_every_package_is_known_for_one_that_connects_or_does_not() -> None:
    packages = {one.partition(".")[0] for _, one in imports()}
    outside = packages - sys.stdlib_module_names - {"qa_service", "_typeshed"}
    assert outside - set(CONNECTS) == QUIET


def test_no_other_client_is_used() -> None:
    for module in NEVER.split():
        assert importers(module) == set(), module


def test_no_library_is_asked_to_fetch() -> None:
    texts = {file: file.read_text("utf-8") for file in PACKAGE.rglob("*.py")}
    for call in CALLS.split():
        callers = {file.name for file, text in texts.items() if re.search(rf"\b{call}\(", text)}
        assert callers <= ({"connection.py"} if call == "getaddrinfo" else set()), call


def test_only_the_command_line_fetches() -> None:
    outside = {one for one in importers(FETCH) if not one.startswith("fetch/")}
    assert outside == {"visiting.py", "wiring.py"}
    assert importers("qa_service.visiting") == {"wiring.py"}
    callers = {
        file.relative_to(PACKAGE).as_posix()
        for file in PACKAGE.rglob("*.py")
        if re.search(r"\.(?:visiting|fetcher)\b[(.]", file.read_text("utf-8"))
    }
    assert callers == {"channels/cli/ingest.py", "wiring.py"}


def test_no_document_makes_its_reader_connect(tmp_path: Path) -> None:
    with speaker(secret) as canary:
        url = f"http://{HERE}:{canary.port}/"
        for name, data in hostile(url).items():
            (tmp_path / name).write_bytes(data)
        done = subprocess.run(
            [sys.executable, "-c", WATCHED, *sorted(tmp_path.iterdir())],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert canary.connections == 0

    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [
        "docx",
        "html",
        "markdown",
        "pdf",
        "txt",
        "html",
        "connects",
        "connects",
    ]  # looks up, connects
