"""`qa-service ingest https://…`: pages, feeds and sitemaps from the command line, from a server on loopback.

The fetcher of these tests takes loopback for the public internet; nothing that can be set does so.
"""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fetch.sites import HERE, Page, Site, permitting, secret, site, speaker

from channels.running import Done, environment, invoke, run
from qa_service import visiting
from qa_service.wiring import Service

WEIR = "In 2014, Norway said that the weir was safe."
DAM = "In 2016, Sweden said that the dam was not safe."
ON_A_TERMINAL = """
import sys
from fetch.sites import permitting
from qa_service import visiting
from qa_service.channels.cli.commands import main
from qa_service.wiring import Service

Service.fetcher = permitting(int(sys.argv.pop(1)))
visiting.Pace.wait = lambda *_: None
main(prog_name="qa-service")
"""


@pytest.fixture
def river() -> Iterator[Site]:
    with site() as found:
        yield found


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def ingest(river: Site, store: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    monkeypatch.setattr(Service, "fetcher", permitting(river.port))
    monkeypatch.setattr(visiting.Pace, "wait", lambda *_: None)
    yield lambda *arguments: invoke("ingest", *arguments, QA_STORE=store)


def feed(river: Site, *addresses: str) -> str:
    items = "".join(f"<item><link>{one}</link></item>" for one in addresses)
    river.pages["/feed"] = Page(f"<rss><channel>{items}</channel></rss>".encode(), "application/rss+xml")
    return f"{river.url}/feed"


def titles(store: str) -> list[str]:
    listed = json.loads(invoke("documents", "list", "--json", QA_STORE=store).stdout)
    return sorted(one["title"] for one in listed)


def test_a_page_a_feed_and_a_file_at_once(ingest, river: Site, store: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "sluice.md").write_text("# The Sluice\n\nThe sluice was finished in 1975.\n", "utf-8")
    address = feed(river, river.article("/weir", "The Weir", WEIR))

    done: Done = ingest(tmp_path / "sluice.md", river.html("/dam", "The Dam", DAM), address)

    assert (done.returncode, done.stderr) == (0, "")
    assert "3 added, 0 known already, 0 rejected" in done.stdout
    assert titles(store) == ["The Dam", "The Sluice", "The Weir"]
    answer = json.loads(invoke("ask", "Was the dam safe?", "--json", QA_STORE=store).stdout)
    assert [one["url"] for one in answer["citations"]] == [f"{river.url}/dam"]


def test_a_bad_entry_is_one_line_that_names_it(ingest, river: Site, store: str) -> None:  # type: ignore[no-untyped-def]
    with speaker(secret) as canary:
        inside = f"http://localhost:{canary.port}/"
        address = feed(river, inside, river.article("/weir", "The Weir", WEIR), f"{river.url}/gone")
        done: Done = ingest(address, "--json")
        assert canary.connections == 0

    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert [len(told[name]) for name in ("added", "known", "rejected")] == [1, 0, 2]
    first, second = done.stderr.splitlines()
    assert first.startswith(f"rejected {inside}: refused: ")
    assert second == f"rejected {river.url}/gone: the server answered 404 Not Found"


def test_the_limit_says_what_it_leaves(ingest, river: Site, store: str) -> None:  # type: ignore[no-untyped-def]
    address = feed(river, *(river.article(f"/{n}", f"Weir {n}", WEIR) for n in range(3)))

    done: Done = ingest(address, "--limit", "2")

    assert done.returncode == 0
    assert done.stderr == f"{address} lists more than 2: the first 2 are taken, --limit takes more\n"
    assert titles(store) == ["Weir 0", "Weir 1"]


def test_a_feed_is_ingested_again_and_again(ingest, river: Site, store: str) -> None:  # type: ignore[no-untyped-def]
    address = feed(river, river.article("/weir", "The Weir", WEIR))
    ingest(address)
    assert "0 added, 1 known already" in ingest(address).stdout
    river.article("/weir", "The Old Weir", WEIR)
    assert "1 added, 0 known already" in ingest(address).stdout
    assert titles(store) == ["The Old Weir"]


INSIDE = {
    f"http://{HERE}/": f"refused: {HERE} is not on the public internet; save the page and ingest the file",
    "https://localhost/feed.xml": "refused: localhost is not on the public internet; save the page",
    "file:///etc/passwd": "refused: only http:// and https:// addresses are fetched",
    "HTTP://169.254.169.254/latest/meta-data/": "refused: 169.254.169.254 is not on the public internet",
    "http://example.org:6379/": "refused: only the ports 80 and 443 are asked, not 6379",
    "https://user:secret@example.org/": "refused: a user or password stands in it",
}


def test_the_installed_command_asks_nobody_inside(store: str) -> None:
    done = run("ingest", *INSIDE, QA_STORE=store)

    assert done.returncode == 1
    assert "0 added, 0 known already, 6 rejected" in done.stdout
    for line, (address, why) in zip(done.stderr.splitlines(), INSIDE.items(), strict=True):
        assert line.startswith(f"rejected {address.replace('user:secret@', '')}: {why}")


def test_no_setting_lets_it_ask_inside(store: str, river: Site) -> None:
    proxy = f"{river.url}/"
    done = run(
        "ingest", river.article("/weir", "The Weir", WEIR), QA_STORE=store, HTTP_PROXY=proxy, http_proxy=proxy
    )
    assert done.returncode == 1
    assert river.asked == []


def test_progress_is_shown_on_a_terminal(river: Site, store: str) -> None:
    address = feed(river, *(river.article(f"/{n}", f"Weir {n}", WEIR) for n in range(2)))
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", ON_A_TERMINAL, str(river.port), "ingest", address],
        env=environment({"QA_STORE": store, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}),
        stdout=subprocess.PIPE,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while some := os.read(ours, 4_096):
                shown += some
        except OSError:  # the other end is closed
            pass
        os.close(ours)
    assert process.returncode == 0, shown
    assert shown.decode().splitlines() == [
        f"fetching 1 of 1: {address}",
        f"fetching 1 of 2: {river.url}/0",
        f"fetching 2 of 2: {river.url}/1",
    ]
