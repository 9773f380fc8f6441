"""Feeds and sitemaps: what they list, in every common form; hostile XML names no file and no address."""

import gzip
import random
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fetch.sites import Canary, secret, speaker
from qa_service.domain.web import Entry, Fetched, Listing
from qa_service.fetch import FetchError, listing
from qa_service.fetch.days import day

MEBIBYTE = 2**20
RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
     xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>River Review</title><link>https://river.example/</link>
<atom:link href="https://river.example/feed" rel="self"/>
<item>
  <title>The weir &amp;amp; the &lt;em&gt;gauge&lt;/em&gt;</title>
  <media:title>not this</media:title>
  <link>https://river.example/weir#top</link>
  <atom:link rel="related" href="https://elsewhere.example/"/>
  <guid isPermaLink="false">tag:1</guid>
  <dc:creator>Ingrid Vale</dc:creator>
  <pubDate>Tue, 14 Sep 2021 23:30:00 -0500</pubDate>
  <content:encoded><![CDATA[<p>All of it</p>]]></content:encoded>
</item>
<item><title>By its guid</title><guid>https://river.example/dam</guid>
  <author>lund@river.example (E. M. Lund)</author></item>
<item><title>Again</title><link>https://river.example/weir</link></item>
<item><title>Relative</title><link> /sluice?a=1&amp;b=2 </link><author>lund@river.example</author></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>River Review</title>
<link rel="self" href="https://river.example/atom"/>
<entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">The <b>weir</b></div></title>
  <link rel="edit" href="https://river.example/edit/1"/>
  <link rel="alternate" type="text/html" href="https://river.example/weir"/>
  <link rel="alternate" hreflang="de" href="https://river.example/wehr"/>
  <author><name>Ingrid Vale</name><email>vale@river.example</email></author>
  <author><name>E. M. Lund</name></author>
  <published>2021-09-14T23:30:00+02:00</published><updated>2022-01-01T00:00:00Z</updated>
  <content type="html">&lt;p&gt;text&lt;/p&gt;</content></entry>
<entry><title>The dam</title><link href="dam"/><updated>2022-01-01T00:00:00Z</updated></entry>
</feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><items><rdf:Seq/></items></channel>
<item rdf:about="https://river.example/weir"><title>The weir</title><link>https://river.example/weir</link>
<dc:creator>Ingrid Vale</dc:creator><dc:date>2021-09-14</dc:date></item></rdf:RDF>"""
SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://river.example/weir</loc><lastmod>2021-09-14</lastmod>
 <image:image><image:loc>https://river.example/weir.png</image:loc></image:image></url>
<url><image:image><image:loc>https://river.example/dam.png</image:loc></image:image>
 <loc>https://river.example/dam</loc></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://river.example/sitemap-1.xml.gz</loc></sitemap></sitemapindex>"""
WEIR = Entry(address="https://river.example/weir")


def page(data: bytes | str, url: str = "https://river.example/feed") -> Fetched:
    made = data if isinstance(data, bytes) else data.encode()
    return Fetched(address=url, url=url, media_type="text/xml", data=made)


def read(data: bytes | str) -> Listing:
    found = listing(page(data), MEBIBYTE)
    assert found is not None
    return found


def test_rss() -> None:
    assert read(RSS) == Listing(
        entries=(
            Entry(
                address="https://river.example/weir",
                title="The weir & the gauge",
                author="Ingrid Vale",
                published="2021-09-14",
            ),
            Entry(address="https://river.example/dam", title="By its guid", author="E. M. Lund"),
            Entry(address="https://river.example/sluice?a=1&b=2", title="Relative"),
        )
    )


def test_atom() -> None:
    assert read(ATOM).entries == (
        Entry(
            address="https://river.example/weir",
            title="The weir",
            author="Ingrid Vale, E. M. Lund",
            published="2021-09-14",
        ),
        Entry(address="https://river.example/dam", title="The dam"),
    )


def test_rdf() -> None:
    assert read(RDF).entries == (
        Entry(
            address="https://river.example/weir",
            title="The weir",
            author="Ingrid Vale",
            published="2021-09-14",
        ),
    )


def test_a_sitemap() -> None:
    assert [one.address for one in read(SITEMAP).entries] == [WEIR.address, "https://river.example/dam"]


def test_a_sitemap_of_sitemaps() -> None:
    found = read(INDEX)
    assert found.nested
    assert [one.address for one in found.entries] == ["https://river.example/sitemap-1.xml.gz"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1", "cp1252", "koi8-r"])
def test_encodings(encoding: str) -> None:
    name = encoding.replace("utf-8-sig", "utf-8").replace("cp1252", "windows-1252")
    title = "Москва" if encoding == "koi8-r" else "Dönitz"
    text = RSS.replace("UTF-8", name).replace("Relative", title)
    assert read(text.encode(encoding)).entries[-1].title == title


@pytest.mark.parametrize("name", ["UwF-8", "shift_jis", "utf-7", "rot13", "x" * 1_000])
def test_an_encoding_that_is_not_read_is_no_list(name: str) -> None:
    assert listing(page(RSS.replace("UTF-8", name)), MEBIBYTE) is None


def test_one_that_is_packed() -> None:
    assert read(gzip.compress(SITEMAP.encode())) == read(SITEMAP)


def test_one_whose_root_has_a_prefix() -> None:
    text = "<s:urlset xmlns:s='http://www.sitemaps.org/schemas/sitemap/0.9'><s:url><s:loc>https://a.example/</s:loc></s:url></s:urlset>"
    assert [one.address for one in read(text).entries] == ["https://a.example/"]


def test_one_that_breaks_off_keeps_what_stood_before() -> None:
    found = read(RSS[: RSS.index("<item><title>Again")] + "<item><title>R&D</oops>")
    assert [one.address for one in found.entries] == [
        "https://river.example/weir",
        "https://river.example/dam",
    ]
    assert found.faults == ("its XML breaks off at line 18: what stands before was read",)


def test_a_letter_that_nobody_declared_is_left_out() -> None:
    text = "<rss><channel><item><title>A&nbsp;weir</title><link>https://river.example/weir</link></item></channel></rss>"
    assert read(text).entries == (Entry(address=WEIR.address, title="Aweir"),)


def test_entries_without_an_address_are_told() -> None:
    found = read("<rss><channel><item><title>Nowhere</title></item></channel></rss>")
    assert found == Listing(entries=(), faults=("some of its entries name no address",))


def test_an_address_cannot_write_on_a_terminal() -> None:
    found = read("<rss><channel><item><link>https://a.example/\u009b31m\u202e</link></item></channel></rss>")
    assert [one.address for one in found.entries] == ["https://a.example/%C2%9B31m%E2%80%AE"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "# A page in Markdown",
        "%PDF-1.7",
        "PK\x03\x04",
        "\x1f\x8b rubbish",
        "<p>hello</p>",
        "<!DOCTYPE html><html><body><p>hello</p></body></html>",
        "<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' 'x.dtd'><html/>",
        "<?xml version='1.0'?><opml><body/></opml>",
        "<rss",
        "<html><rss><item><link>https://a.example/</link></item></rss></html>",
    ],
)
def test_anything_else_is_no_list(text: str) -> None:
    assert listing(page(text.encode("latin-1")), MEBIBYTE) is None


def test_more_than_a_sitemap_may_hold_is_not_kept() -> None:
    rows = "".join(f"<url><loc>https://a.example/{n}</loc></url>" for n in range(50_100))
    assert len(read(f"<urlset>{rows}</urlset>").entries) == 50_000


def test_a_sitemap_that_is_a_bomb() -> None:
    bomb = gzip.compress(b"<urlset>" + b" " * (64 * MEBIBYTE))
    tracemalloc.start()
    try:
        with pytest.raises(FetchError, match="unpacks to more than is allowed"):
            listing(page(bomb), MEBIBYTE)
        assert tracemalloc.get_traced_memory()[1] < 16 * MEBIBYTE
    finally:
        tracemalloc.stop()


@pytest.fixture
def canary() -> Iterator[Canary]:
    with speaker(secret) as found:
        yield found


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DECLARATIONS = [
    '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
    '<!DOCTYPE rss [<!ENTITY x SYSTEM "http://127.0.0.1:{port}/">]>',
    '<!DOCTYPE rss [<!ENTITY x PUBLIC "x" "http://127.0.0.1:{port}/">]>',
    '<!DOCTYPE rss SYSTEM "http://127.0.0.1:{port}/x.dtd">',
    '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://127.0.0.1:{port}/x.dtd">',
    '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:{port}/"> %p;]>',
    '<!DOCTYPE rss [<!ENTITY % p SYSTEM "file:///etc/passwd"> <!ENTITY % q "<!ENTITY x \'%p;\'>"> %q;]>',
    '<!DOCTYPE rss [<!ENTITY l0 "ha">' + LAUGHS + '<!ENTITY x "&l9;">]>',
    '<!DOCTYPE rss [<!ENTITY x "' + "ha" * 50_000 + '">]>',
    '<!DOCTYPE rss [<!ENTITY x "&y;"><!ENTITY y "&x;">]>',
    '<!DOCTYPE rss [<!ATTLIST link href CDATA "http://127.0.0.1:{port}/">]>',
    '<!DOCTYPE rss [<!NOTATION n SYSTEM "http://127.0.0.1:{port}/"><!ENTITY x SYSTEM "x" NDATA n>]>',
    "<!DOCTYPE x:rss [<!ENTITY x 'y'>]>",
]


@pytest.mark.parametrize("declared", DECLARATIONS)
def test_a_declaration_is_refused_and_nothing_is_loaded(declared: str, canary: Canary) -> None:
    body = f"<rss><channel><item><title>{'&x;' * 50}</title><link>https://a.example/</link></item></channel></rss>"
    text = f"<?xml version='1.0'?>{declared.replace('{port}', str(canary.port))}{body}"

    with pytest.raises(FetchError, match="refused: its XML declares a document type or entities"):
        listing(page(text), MEBIBYTE)

    assert canary.connections == 0


def test_an_inclusion_loads_nothing(canary: Canary) -> None:
    text = (
        f"<?xml-stylesheet href='http://127.0.0.1:{canary.port}/' type='text/xsl'?><rss xmlns:xi='http://www.w3.org/2001/XInclude'>"
        f"<channel><item><link>https://a.example/</link><title><xi:include parse='text' href='file:///etc/hostname'/>"
        f"<xi:include href='http://127.0.0.1:{canary.port}/'/></title></item></channel></rss>"
    )

    assert read(text).entries == (Entry(address="https://a.example/"),)
    assert canary.connections == 0


def test_depth_and_length_cost_little() -> None:
    deep = "<item>" + "<a>" * 100_000 + "x" + "</a>" * 100_000 + "<link>https://a.example/</link></item>"
    long = f"<item><title>{'x' * 3_000_000}</title><link>https://b.example/</link></item>"
    found = listing(page(f"<rss><channel>{deep}{long}</channel></rss>"), 10 * MEBIBYTE)
    assert found is not None
    assert [len(one.title) for one in found.entries] == [0, 2_000]


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_end_well(data: bytes) -> None:
    for some in (data, b"<rss><channel><item>" + data, b"<feed><entry><link href='" + data):
        try:
            found = listing(page(some), MEBIBYTE)
        except FetchError:
            continue
        assert found is None or all(one.address.isprintable() for one in found.entries)


@given(st.integers(0, 2**32), st.sampled_from([RSS, ATOM, RDF, SITEMAP, INDEX]))
def test_any_damage_ends_well(seed: int, text: str) -> None:
    chance, data = random.Random(seed), bytearray(text.encode())  # noqa: S311 - damage, no secret
    for _ in range(chance.randint(1, 8)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    with suppress(FetchError):
        listing(page(bytes(data)), MEBIBYTE)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2021-09-14", "2021-09-14"),
        ("  2021-09-14T23:30:00+02:00  ", "2021-09-14"),
        ("Tue, 14 Sep 2021 23:30:00 -0500", "2021-09-14"),
        ("Wed, 31 Feb 2021 10:00:00 GMT", None),
        ("2021-02-31", None),
        ("yesterday", None),
        ("", None),
        (f"Tue, 14 Sep 2021 23:30:00 -0500 {'(' * 100_000}", "2021-09-14"),
    ],
)
def test_the_day_of_an_entry_is_the_one_that_is_written(written: str, told: str | None) -> None:
    assert day(written) == told


def test_a_list_of_just_the_size_that_is_allowed_is_unpacked() -> None:
    text = SITEMAP.encode()
    assert listing(page(gzip.compress(text)), len(text)) == read(text)
    with pytest.raises(FetchError, match="unpacks to more than is allowed"):
        listing(page(gzip.compress(text)), len(text) - 1)


def test_a_list_longer_than_a_step_is_read_to_its_end() -> None:
    rows = "".join(f"<url><loc>https://a.example/{n}</loc></url>" for n in range(4_000))
    for data in (f"<urlset>{rows}</urlset>".encode(), gzip.compress(f"<urlset>{rows}</urlset>".encode())):
        assert [one.address for one in read(data).entries] == [f"https://a.example/{n}" for n in range(4_000)]


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        (
            "<link>https://a.example/</link><guid>https://b.example/</guid>",
            Entry(address="https://a.example/"),
        ),
        ("<guid isPermaLink='true'>https://b.example/</guid>", Entry(address="https://b.example/")),
        (
            "<link>https://a.example/</link><author>Jane Doe</author>",
            Entry(address="https://a.example/", author="Jane Doe"),
        ),
        (
            "<link>https://a.example/</link><title>First</title><title>Second</title>",
            Entry(address="https://a.example/", title="First"),
        ),
        (
            "<link>https://a.example/</link><creator>A</creator><creator>B</creator>",
            Entry(address="https://a.example/", author="A, B"),
        ),
        (
            "<link>https://a.example/</link><x><title>Inside</title></x><a><b><title>Deep</title></b></a>",
            Entry(address="https://a.example/"),
        ),
        (
            "<link>https://a.example/</link><updated>2022-01-01</updated>",
            Entry(address="https://a.example/"),
        ),
        ("<link>http://[/</link>", Entry(address="http://[/")),
    ],
)
def test_what_is_said_of_an_entry(entry: str, found: Entry) -> None:
    assert read(f"<rss><channel><item>{entry}</item></channel></rss>").entries == (found,)


def test_a_guid_that_is_no_address_is_none() -> None:
    found = read("<rss><channel><item><guid isPermaLink='false'>tag:1</guid></item></channel></rss>")
    assert (found.entries, found.faults) == ((), ("some of its entries name no address",))


def test_a_feed_is_not_nested() -> None:
    assert not any(read(text).nested for text in (RSS, ATOM, RDF, SITEMAP))


@pytest.mark.parametrize("damage", ["cut", "overwritten"])
def test_a_packed_list_that_is_damaged_keeps_what_stood_before(damage: str) -> None:
    chance = random.Random(39)  # noqa: S311 - addresses that do not pack well, no secret
    rows = "".join(
        f"<url><loc>https://a.example/{chance.randbytes(20).hex()}</loc></url>" for _ in range(9_000)
    )
    whole, packed = read(f"<urlset>{rows}</urlset>"), gzip.compress(f"<urlset>{rows}</urlset>".encode())
    half = len(packed) // 2
    found = read(packed[:half] + (b"" if damage == "cut" else b"\xff" * half))
    assert 1_000 < len(found.entries) < 9_000
    assert found.entries[:1_000] == whole.entries[:1_000]
    assert "breaks off" in found.faults[0]


def test_an_entry_of_an_address_alone_is_told_by_nothing_else() -> None:
    found = read("<rss><channel><item><link>https://a.example/</link></item></channel></rss>")
    assert found.entries == (Entry(address="https://a.example/", title="", author="", published=None),)
