"""Addresses become documents: pages, PDFs, entries of feeds and sitemaps, from a real server on loopback."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from building import Clock, settings_in
from fetch.sites import HERE, Page, Site, permitting, secret, site, speaker
from ingest.pdf_writer import Pdf

from qa_service.channels.admin import catalogue
from qa_service.domain.document import Document, Ingested, Rejected
from qa_service.domain.question import Message
from qa_service.gathering import Report
from qa_service.ingest import Limits
from qa_service.visiting import Pace, Visiting
from qa_service.wiring import Service

WEIR = ("In 2014, Norway said that the weir was safe.", "The weir was finished in 1972 by the two states.")
DAM = ("In 2016, Sweden said that the dam was not safe.", "The dam was finished in 1974 by the two states.")


@dataclass
class Heard:
    """What a listener was told."""

    fetched: list[tuple[str, int, int]] = field(default_factory=list)
    cut: list[tuple[str, int]] = field(default_factory=list)

    def fetching(self, address: str, number: int, of: int) -> None:
        self.fetched.append((address, number, of))

    def left(self, address: str, taken: int) -> None:
        self.cut.append((address, taken))


@pytest.fixture
def river() -> Iterator[Site]:
    with site() as found:
        yield found


def visiting(river: Site, most: int = 100, heard: Heard | None = None) -> Visiting:
    return Visiting(
        fetch=permitting(river.port).fetch,
        limits=Limits(),
        listener=heard or Heard(),
        most=most,
        pace=Pace(seconds=0),
    )


def taken(river: Site, *addresses: str, most: int = 100) -> list[Ingested | Rejected]:
    return list(visiting(river, most).visit(addresses))


def document(river: Site, address: str) -> Document:
    (found,) = taken(river, address)
    assert isinstance(found, Ingested), found
    return found.document


def rss(river: Site, *addresses: str, path: str = "/feed") -> str:
    items = "".join(f"<item><title>A title</title><link>{one}</link></item>" for one in addresses)
    river.pages[path] = Page(f"<rss><channel>{items}</channel></rss>".encode(), "application/rss+xml")
    return river.url + path


# One address


def test_a_page_is_a_document_with_its_address(river: Site) -> None:
    address = river.html("/2021/the-weir", "The Weir", *WEIR)
    (found,) = taken(river, f"{address}#gauges")
    assert isinstance(found, Ingested)
    assert (found.document.title, found.document.url) == ("The Weir", address)
    assert WEIR[0] in found.document.text
    assert found.document.id.startswith("the-weir-")
    assert (found.original.origin, found.original.name) == (address, "the-weir.html")


def test_after_redirects_the_address_is_the_one_that_answered(river: Site) -> None:
    address = river.html("/weir", "The Weir", *WEIR)
    river.pages["/old"] = Page(b"", status=301, headers={"Location": "/weir"})
    (found,) = taken(river, f"{river.url}/old")
    assert isinstance(found, Ingested)
    assert (found.document.url, found.original.origin) == (address, f"{river.url}/old")


def test_a_page_may_name_its_address_of_the_same_site_only(river: Site) -> None:
    own = f'<link rel="canonical" href="{river.url}/weir">'
    foreign = '<link rel="canonical" href="https://elsewhere.example/weir">'
    ours = document(river, river.html("/weir?utm_source=rss", "The Weir", *WEIR, head=own))
    theirs = document(river, river.html("/dam", "The Dam", *DAM, head=foreign))
    assert (ours.url, theirs.url) == (f"{river.url}/weir", f"{river.url}/dam")


@pytest.mark.parametrize(
    ("path", "kind", "data", "name"),
    [
        ("/weir", "application/pdf", None, "weir.pdf"),
        ("/weir.pdf", "application/octet-stream", None, "weir.pdf"),
        ("/get?id=7", "", None, "get.pdf"),
        ("/weir", "text/plain; charset=utf-8", " ".join(WEIR), "weir.txt"),
        ("/weir.md", "text/plain", f"# The Weir\n\n{WEIR[0]}\n", "weir.md"),
        ("/weir", "text/markdown", f"# The Weir\n\n{WEIR[0]}\n", "weir.md"),
        ("/", "application/xhtml+xml", f"<h1>The Weir</h1><p>{WEIR[0]}</p>", "127.0.0.1.html"),
        ("/a%20weir/index.html", "text/html", f"<h1>The Weir</h1><p>{WEIR[0]}</p>", "a-weir.html"),
        ("/..%2f..%2fetc%2fpasswd%00", "text/html", f"<h1>The Weir</h1><p>{WEIR[0]}</p>", "passwd.html"),
    ],
)  # fmt: skip
def test_its_kind_is_that_of_its_type(river: Site, path: str, kind: str, data: str | None, name: str) -> None:
    pdf = Pdf().page().column(72, 700, list(WEIR)).bytes()
    river.pages[path] = Page(pdf if data is None else data.encode(), kind)
    (found,) = taken(river, river.url + path)
    assert isinstance(found, Ingested), found
    assert found.original.name == name
    assert WEIR[0] in found.document.text
    assert found.document.url == river.url + path


def test_lines_of_jsonl_are_documents(river: Site) -> None:
    river.pages["/all.jsonl"] = Page(
        b'{"id": "weir", "title": "The Weir", "text": "It holds."}\n{}\n', "text/plain"
    )
    first, second = taken(river, f"{river.url}/all.jsonl")
    assert isinstance(first, Ingested) and isinstance(second, Rejected)
    assert (first.document.id, first.original.origin) == ("weir", f"{river.url}/all.jsonl#weir")
    assert second.name == f"{river.url}/all.jsonl, line 2"


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (Page(b"\x89PNG", "image/png"), "image/png is not a kind of file that is read: txt, md, html, pdf"),
        (Page(b"x", "image/\x9b31mpng"), "image/31mpng is not a kind"),
        (Page(b"\x00\x01", ""), "a file without a type is not a kind of file that is read"),
        (Page(b"<a/>", "application/xml"), "application/xml is not a kind"),
        (Page(b"", "text/html"), "empty"),
        (Page(b"no PDF", "application/pdf"), "named .pdf but it is not a PDF"),
        (Page(b"PK\x03\x04", "text/html"), "named .html but it is a ZIP archive"),
        (Page(b"gone", status=410), "the server answered 410 Gone"),
    ],
)
def test_what_is_no_document_is_told_with_its_address(river: Site, page: Page, why: str) -> None:
    river.pages["/thing"] = page
    (found,) = taken(river, f"{river.url}/thing")
    assert isinstance(found, Rejected)
    assert found.name == f"{river.url}/thing"
    assert why in found.reason


# Feeds and sitemaps


def test_the_entries_of_a_feed_are_fetched_and_a_bad_one_stops_no_other(river: Site) -> None:
    heard = Heard()
    with speaker(secret) as canary:
        entries = [
            river.article("/weir", "The Weir", *WEIR),
            f"{river.url}/gone",
            f"http://[::1]:{canary.port}/",
            "http://[",
            "file:///etc/passwd",
            river.article("/dam", "The Dam", *DAM),
        ]
        found = list(visiting(river, heard=heard).visit([rss(river, *entries)]))
        assert canary.connections == 0
    assert [one.document.title for one in found if isinstance(one, Ingested)] == ["The Weir", "The Dam"]
    rejected = {one.name: one.reason for one in found if isinstance(one, Rejected)}
    assert set(rejected) == set(entries[1:5])
    assert rejected[entries[1]] == "the server answered 404 Not Found"
    assert "only http:// and https://" in rejected["file:///etc/passwd"]
    assert heard.fetched == [(f"{river.url}/feed", 1, 1), *((one, n, 6) for n, one in enumerate(entries, 1))]


def test_a_feed_tells_what_its_pages_do_not(river: Site) -> None:
    river.pages["/weir.txt"] = Page(" ".join(WEIR).encode(), "text/plain")
    dated = '<meta name="author" content="E. M. Lund"><meta name="date" content="2020-01-02">'
    river.html("/dam", "The Dam", *DAM, head=dated)
    said = "<author><name>Ingrid Vale</name></author><published>2021-09-14T10:00:00Z</published>"
    entries = "".join(
        f'<entry><title>From afar</title><link href="{one}"/>{said}</entry>' for one in ("weir.txt", "dam")
    )
    river.pages["/atom"] = Page(
        f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode(), "text/xml"
    )

    weir, dam = (one.document for one in taken(river, f"{river.url}/atom") if isinstance(one, Ingested))

    assert (weir.title, weir.author, weir.published) == ("From afar", "Ingrid Vale", "2021-09-14")
    assert (dam.title, dam.author, dam.published) == ("The Dam", "E. M. Lund", "2020-01-02")


def test_no_more_than_was_asked_for(river: Site) -> None:
    entries = [river.article(f"/{n}", f"Weir {n}", *WEIR, f"It is number {n}.") for n in range(5)]
    for most in (4, 5):
        heard = Heard()
        found = list(visiting(river, most, heard).visit([rss(river, *entries)]))
        assert len(found) == most
        assert heard.cut == ([(f"{river.url}/feed", 4)] if most == 4 else [])
    assert river.paths.count("/4") == 1


def test_a_sitemap_of_sitemaps(river: Site) -> None:
    river.article("/weir", "The Weir", *WEIR)
    river.article("/dam", "The Dam", *DAM)
    inner = "<urlset><url><loc>{}</loc></url></urlset>".format
    outer = "".join(f"<sitemap><loc>{river.url}/{n}.xml.gz</loc></sitemap>" for n in "123")
    river.pages |= {
        "/1.xml.gz": Page(gzip.compress(inner("/weir").encode()), "application/gzip"),
        "/2.xml.gz": Page(b"<sitemapindex><sitemap><loc>/1.xml.gz</loc></sitemap></sitemapindex>"),
        "/3.xml.gz": Page(inner("/dam").encode(), "text/xml"),
        "/sitemap.xml": Page(f"<sitemapindex>{outer}</sitemapindex>".encode(), "text/xml"),
    }

    first, second, fault = taken(river, f"{river.url}/sitemap.xml")

    assert isinstance(first, Ingested) and isinstance(second, Ingested) and isinstance(fault, Rejected)
    assert [first.document.title, second.document.title] == ["The Weir", "The Dam"]
    assert (fault.name, fault.reason[:10]) == (f"{river.url}/2.xml.gz", "no sitemap")


def test_a_sitemap_is_fetched_when_it_is_its_turn(river: Site) -> None:
    river.article("/weir", "The Weir", *WEIR)
    river.pages |= {
        "/1": Page(b"<urlset><url><loc>/weir</loc></url><url><loc>/dam</loc></url></urlset>"),
        "/sitemap": Page(
            b"<sitemapindex><sitemap><loc>/1</loc></sitemap><sitemap><loc>/2</loc></sitemap></sitemapindex>"
        ),
    }
    taken(river, f"{river.url}/sitemap", most=1)
    assert river.paths == ["/sitemap", "/1", "/weir"]


def test_a_feed_is_no_page_of_a_feed(river: Site) -> None:
    inner = rss(river, "/weir", path="/inner")
    (found,) = taken(river, rss(river, inner))
    assert found == Rejected(name=inner, reason="a list within a list: ingest its address itself")


def test_a_feed_that_names_itself_ends(river: Site) -> None:
    address = f"{river.url}/feed"
    (found,) = taken(river, rss(river, address))
    assert isinstance(found, Rejected)
    assert len(river.asked) == 2


def test_a_host_is_let_rest_and_others_are_not_waited_for() -> None:
    clock, slept = Clock(), []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.seconds += seconds

    pace = Pace(seconds=2.0, clock=clock, sleep=sleep)
    for address in (
        "http://a.example/1",
        "http://b.example/1",
        "http://A.example/2",
        "http://[",
        "http://a.example/3",
    ):
        pace.wait(address)
        clock.seconds += 0.5

    assert slept == [1.0, 1.0]


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_with_too_much_to_do_is_left_alone(river: Site, status: int) -> None:
    river.pages["/busy"] = Page(b"", status=status)
    with site("127.0.0.2") as other:
        elsewhere = other.article("/dam", "The Dam", *DAM)
        feed = rss(river, f"{river.url}/busy", river.article("/weir", "The Weir", *WEIR), elsewhere)
        fetcher = permitting(river.port, other.port, addresses=(HERE, "127.0.0.2"))
        busy, weir, dam = replace(visiting(river), fetch=fetcher.fetch).visit([feed])

    assert isinstance(busy, Rejected) and isinstance(weir, Rejected) and isinstance(dam, Ingested)
    assert busy.reason.startswith(f"the server answered {status}")
    assert weir.reason == "not asked: its host has too much to do; ingest it again later"
    assert river.paths == ["/feed", "/busy"]


# In a store


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(settings_in(tmp_path))
    service.prepare()
    yield service
    service.close()


def ingest(service: Service, river: Site, *addresses: str) -> Report:
    return service.indexing.ingest((), more=visiting(river).visit(addresses))


def stored(service: Service) -> list[Document]:
    snapshot = service.store.snapshot()
    found = [snapshot.document(one) for one in snapshot.ids()]
    return [one for one in found if one is not None]


def test_what_was_fetched_is_answered_from_with_its_address(service: Service, river: Site) -> None:
    address = river.article("/weir", "The Weir", *WEIR)
    ingest(service, river, rss(river, address))
    answer = service.answering.answer(Message(text="When was the weir finished?"))
    assert answer.citations[0].quote == WEIR[1]
    assert answer.citations[0].url == address


def test_the_same_bytes_twice_are_one_document(service: Service, river: Site) -> None:
    first = river.article("/weir", "The Weir", *WEIR)
    feed = rss(river, first, river.article("/copy", "The Weir", *WEIR))
    added = ingest(service, river, feed)
    again = ingest(service, river, feed)
    assert len(added.added) == len(stored(service)) == 1
    assert (again.added, again.known, again.version) == ((), added.added, added.version)


def test_an_entry_that_changed_replaces_what_stood_there(service: Service, river: Site) -> None:
    feed = rss(river, river.article("/weir", "The Weir", *WEIR), river.article("/dam", "The Dam", *DAM))
    ingest(service, river, feed)
    river.article("/weir", "The Weir", "In 2020, Norway said that the weir was too old.", WEIR[1])

    again = ingest(service, river, feed)

    assert (len(again.added), len(again.known)) == (1, 1)
    texts = sorted(one.text for one in stored(service))
    assert len(texts) == 2
    assert "too old" in "".join(texts) and WEIR[0] not in "".join(texts)


def test_other_bytes_with_the_same_words_are_the_same_document(service: Service, river: Site) -> None:
    token = '<meta name="csrf-token" content="{}">'.format
    address = river.html("/weir", "The Weir", *WEIR, head=token(1))
    added = ingest(service, river, address)
    river.html("/weir", "The Weir", *WEIR, head=token(2))

    again = ingest(service, river, address)
    assert (again.added, again.known, again.version) == ((), added.added, added.version)

    river.html("/weir", "The Weir", *WEIR, head='<meta name="author" content="Ingrid Vale">')
    assert len(ingest(service, river, address).added) == 1
    assert [one.author for one in stored(service)] == ["Ingrid Vale"]


def test_an_entry_that_cannot_be_fetched_this_time_stays(service: Service, river: Site) -> None:
    feed = rss(river, river.article("/weir", "The Weir", *WEIR))
    ingest(service, river, feed)
    del river.pages["/weir"]
    assert len(ingest(service, river, feed).rejected) == 1
    assert len(stored(service)) == 1


def test_what_became_of_it_is_noted_by_its_address(service: Service, river: Site) -> None:
    address = f"{river.url}/weir"
    ingest(service, river, address)
    (failed,) = service.arrivals.latest()
    river.article("/weir", "The Weir", *WEIR)
    ingest(service, river, address)
    taken = service.arrivals.latest()[0]
    assert (failed.name, taken.name) == (address, address)
    assert catalogue.rejected([failed]) == (failed,)
    assert catalogue.rejected([taken, failed]) == ()
    other = replace(failed, name="https://elsewhere.example/weir")
    assert catalogue.rejected([taken, other]) == (other,)


def test_pages_and_files_are_one_version(service: Service, river: Site, tmp_path: Path) -> None:
    (tmp_path / "dam.txt").write_text(" ".join(DAM), "utf-8")
    before = service.store.version()
    address = river.article("/weir", "The Weir", *WEIR)
    report = service.indexing.ingest([tmp_path / "dam.txt"], more=visiting(river).visit([address]))
    assert len(report.added) == 2
    assert report.version == service.store.version() != before


def test_the_service_fetches_as_its_settings_say(service: Service) -> None:
    assert service.fetcher.most_bytes == service.settings.ingest_file_bytes
    (found,) = service.visiting(Heard(), 1).visit([f"http://{HERE}/"])
    assert isinstance(found, Rejected)
    assert found.reason.startswith(f"refused: {HERE} is not on the public internet")


def test_a_page_that_is_larger_than_the_settings_say(river: Site) -> None:
    river.pages["/large"] = Page(b"a" * 4_097)
    small = replace(permitting(river.port), most_bytes=4_096)
    (found,) = replace(visiting(river), fetch=small.fetch).visit([f"{river.url}/large"])
    assert found == Rejected(name=f"{river.url}/large", reason="too large: more than 0.00390625 MiB")
