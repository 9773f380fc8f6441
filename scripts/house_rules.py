"""What no line of the service may do, and what bandit finds: `python scripts/house_rules.py` (`make lint`).

Each rule stands for a class of faults that others had; what it allows is named with the file that may.
"""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ANSWERED = re.compile(r"# noqa: [A-Z0-9, ]*S\d")  # ruff's rules are bandit's: the reason stands there
BANDIT = ("-q", "-ll", "--format", "json", "--recursive", "qa_service", "scripts", "gunicorn.conf.py")

CLIENTS = (
    "urllib.request urllib3 requests httpx httpcore aiohttp websockets websocket pycurl feedparser "
    "trafilatura.downloads ftplib poplib imaplib nntplib smtplib telnetlib xmlrpc socketserver"
)
UNSAFE = "pickle marshal shelve dill random xml.etree xml.dom xml.sax imp"
STARTERS = "subprocess pty"
MODULES = {  # which modules nobody imports, but the files that are named
    **dict.fromkeys(CLIENTS.split(), ()),  # what a caller or a document names is fetched in one place
    **dict.fromkeys(("http.client", "ssl"), ("fetch/connection.py", "fetch/fetcher.py")),
    **dict.fromkeys(UNSAFE.split(), ()),  # bytes become objects, chance can be guessed, XML names entities
    **dict.fromkeys(STARTERS.split(), ("channels/apart.py", "ingest/sandbox.py")),
    "socket": ("channels/cli/serve.py", "fetch/connection.py"),
}
CALLS = {  # which functions nobody calls
    "eval": (),
    "exec": (),
    "compile": (),
    "__import__": (),
    "os.system": (),
    "os.popen": (),
    "Markup": (),
    "render_template_string": (),
    "yaml.load": (),
    "tempfile.mktemp": (),
    "hashlib.md5": (),
    "hashlib.sha1": (),
    "asyncio.open_connection": (),
    "trafilatura.fetch_url": (),
    "trafilatura.fetch_response": (),
}
ENVIRONMENT = ("__init__.py", "settings.py", "channels/cli/serve.py", "ingest/sandbox.py")  # who may touch it
TEXTS = {  # what stands in no template, style or script
    ".html": {
        "escaping is switched off": r"\|\s*safe\b|autoescape\s+false",
        "an attribute without quotes": r"\s[\w-]+=\{\{",
        "a style or a handler in an element": r"<[^>{%]*\s(?:style|on[a-z]+)=",
        "a script in the page": r"<script(?![^>]*\ssrc=)",
        "something from elsewhere": r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"'](?:https?:)?//",
    },
    ".js": {
        "text becomes markup": r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|srcdoc)\b|document\.write",
        "text becomes code": r"\beval\(|new Function|setTimeout\(\s*[\"'`]",
        "text becomes an address of any scheme": r"\blocation\s*=(?!=)",
    },
    ".css": {"something from elsewhere": r"@import|url\(\s*[\"']?(?:https?:)?//"},
}


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Where, and what."""

    place: str
    line: int
    what: str


def of_python(text: str, name: str) -> Iterator[Fault]:
    """The faults of a module; ``name`` is its path within the package."""
    for node in ast.walk(ast.parse(text)):
        for what in (*_imported(node, name), *_called(node, name)):
            yield Fault(name, getattr(node, "lineno", 0), what)


def _imported(node: ast.AST, name: str) -> Iterator[str]:
    found: list[str] = []
    if isinstance(node, ast.Import):
        found = [one.name for one in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        found = [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
    for module in found:
        allowed = _allowed(MODULES, module)
        if allowed is not None and name not in allowed:
            yield f"imports {module}"


def _allowed(table: dict[str, tuple[str, ...]], module: str) -> tuple[str, ...] | None:
    """The files that may import a module; None when all may."""
    return next((files for one, files in table.items() if f"{module}.".startswith(f"{one}.")), None)


def _called(node: ast.AST, name: str) -> Iterator[str]:
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func)
        if called in CALLS and name not in CALLS[called]:
            yield f"calls {called}"
        if any(one.arg == "shell" and ast.unparse(one.value) != "False" for one in node.keywords):
            yield "starts a shell"
    reads = isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv"}
    if reads and name not in ENVIRONMENT:
        yield "reads the environment, which only the settings do"


def of_text(text: str, name: str) -> Iterator[Fault]:
    """The faults of a template, style or script."""
    for what, pattern in TEXTS.get(Path(name).suffix, {}).items():
        for found in re.finditer(pattern, text, re.IGNORECASE):
            yield Fault(name, text.count("\n", 0, found.start()) + 1, what)


def of_bandit(run: Callable[[], str]) -> Iterator[Fault]:
    """What bandit finds of medium or high severity, but where a reason stands in the lines that it names."""
    for found in json.loads(run())["results"]:
        lines = (ROOT / found["filename"]).read_text("utf-8").splitlines()
        told = lines[found["line_range"][0] - 1 : found["line_range"][-1] + 1]
        if not any(map(ANSWERED.search, told)):
            yield Fault(found["filename"], found["line_number"], f"{found['test_id']}: {found['issue_text']}")


def bandit() -> str:
    """Its report as JSON."""
    command = (sys.executable, "-m", "bandit", *BANDIT)
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout  # noqa: S603 - ours


def faults(run: Callable[[], str] = bandit) -> Iterator[Fault]:
    """All of them."""
    package = ROOT / "qa_service"
    for file in sorted(package.rglob("*")):
        name = file.relative_to(package).as_posix()
        if file.suffix == ".py":
            yield from of_python(file.read_text("utf-8"), name)
        elif file.suffix in TEXTS:
            yield from of_text(file.read_text("utf-8"), name)
    yield from of_bandit(run)


def main() -> None:
    """A line a fault."""
    found = sorted(faults())
    for one in found:
        sys.stderr.write(f"{one.place}:{one.line}: {one.what}\n")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
