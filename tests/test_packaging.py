"""The wheel, installed away from the checkout, answers and serves with what it ships."""

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection
from pathlib import Path
from socket import create_server

import pytest

ROOT = Path(__file__).parents[1]
SHIPPED = (
    "prompts/fact.j2",
    "index/corpus/russia-and-the-us-in-afghanistan.md",
    "index/sources.toml",
    "index/aliases.toml",
    "index/synonyms.toml",
    "gunicorn.conf.py",
)
QUESTION = "How do the US and Russia differ?"


def build(target: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an environment that has the wheel; its dependencies it borrows from this one."""
    environment = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", wheel], check=True, capture_output=True)
    # A path in a .pth file is searched last; the .pth file of the editable install in it is not read.
    (site,) = (environment / "lib").glob("python*/site-packages")
    (site / "borrowed.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n")
    return environment / "bin"


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("elsewhere")


@pytest.fixture(scope="module")
def surroundings(elsewhere: Path) -> dict[str, str]:
    """An environment whose home is empty and that knows nothing of the checkout."""
    dropped = ("QA_", "XDG_", "PYTHON", "PORT", "WEB_CONCURRENCY", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return kept | {"HOME": str(elsewhere), "PATH": os.defpath}


def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_the_wheel_holds_what_it_needs(wheel: Path) -> None:
    found = names(wheel)

    for name in SHIPPED:
        assert f"qa_service/_shipped/{name}" in found
    for folder in ("web/templates", "web/static", "widget/script", "widget/words"):
        for file in (ROOT / "qa_service" / "channels" / folder).iterdir():
            assert f"qa_service/channels/{folder}/{file.name}" in found
    prompts = {path.name for path in (ROOT / "prompts").glob("*.j2")}
    assert prompts == {name.rsplit("/", 1)[1] for name in found if name.endswith(".j2")}


def test_and_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in names(wheel)}

    assert tops == {"qa_service", next(top for top in tops if top.endswith(".dist-info"))}
    for name in names(wheel):
        assert "test" not in name
        assert not name.endswith((".pyc", ".db", ".db-wal", ".db-shm"))
    assert not any("benchmarks" in name or "corpora" in name for name in names(wheel))


def test_the_sdist_builds_and_holds_what_a_wheel_is_built_from(tmp_path: Path) -> None:
    with tarfile.open(build("sdist", tmp_path)) as archive:
        found = {name.split("/", 1)[1] for name in archive.getnames()}

    assert {"pyproject.toml", "README.md", "LICENSE", "qa_service/app.py", *SHIPPED} <= found
    assert not [name for name in found if name.startswith((".venv", ".git/")) or ".db" in name]


def test_it_answers_from_the_shipped_corpus_and_keeps_its_store_in_the_users_folder(
    installed: Path, elsewhere: Path, surroundings: Mapping[str, str]
) -> None:
    code = "import qa_service, qa_service.settings as s; print(qa_service.__file__, s.HOME)"
    python = [installed / "python", "-c", code]
    where = subprocess.run(
        python, cwd=elsewhere, env=surroundings, check=True, capture_output=True, text=True
    )
    assert str(ROOT) not in where.stdout
    assert where.stdout.count(str(installed.parent)) == 2

    command = [installed / "qa-service", "ask", "--json", QUESTION]
    done = subprocess.run(
        command, cwd=elsewhere, env=surroundings, capture_output=True, encoding="utf-8", check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert answer["kind"] == "divergence"
    assert answer["citations"][0]["document_id"].startswith("russia-and-the-us-in-afghanistan")
    (store,) = elsewhere.rglob("store.db")
    assert store.parent.name == "qa-service"
    assert not (ROOT / "store.db").exists()


@pytest.fixture
def served(installed: Path, elsewhere: Path, surroundings: Mapping[str, str]) -> Iterator[int]:
    with create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [installed / "qa-service", "serve", "--port", str(port)],
        cwd=elsewhere,
        env=surroundings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        deadline = time.monotonic() + 30
        while not answers(port):
            assert process.poll() is None and time.monotonic() < deadline, "the server did not start"
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.communicate(timeout=30)


def get(port: int, path: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def answers(port: int) -> bool:
    try:
        return get(port, "/healthz")[0] == 200
    except OSError:
        return False


def test_it_serves_the_page_with_its_style_and_the_api(served: int) -> None:
    for path, words in {
        "/": "Russia and the United States in Afghanistan",
        "/static/page.css": "--paper",
        "/static/icon.svg": "<svg",
        "/widget/v1/qa-widget.js": "customElements.define",
        "/widget/v1/words/de.json": "Quellen",
        "/openapi.json": '"openapi":"3.1.0"',
        "/readyz": '"status":"ready"',
    }.items():
        status, body = get(served, path)
        assert status == 200, path
        assert words in body, path
