from pathlib import Path

import pytest

from qa_service.ingest import dates
from qa_service.ingest.metadata import byline_author, language_tag, web_address, without_site
from tests.ingest.reading_files import taken


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Abdul Basit", "Abdul Basit"),
        ("BY MARA LINDQVIST", "MARA LINDQVIST"),
        ("By Ana Roe, Senior Fellow at the Harbour Institute", "Ana Roe"),
        ("By Ana Roe and Bo de la Cruz", "Ana Roe and Bo de la Cruz"),
        ("By J. D. O’Neil | 4 May 2020", "J. D. O’Neil"),
        ("By the end of the year", None),
        ("By 2014 the war had ended.", None),
        ("Bystanders Were Hurt", None),
    ],
)
def test_bylines(line: str, author: str | None) -> None:
    assert byline_author(line) == author


@pytest.mark.parametrize(
    ("line", "author", "published"),
    [
        ("*By Ilse Marchetti, 12 May 2023*", "Ilse Marchetti", "2023-05-12"),
        ("By Ilse Marchetti, May 12, 2023", "Ilse Marchetti", "2023-05-12"),
        ("By Ann Lund and Bo Ek, May 2023", "Ann Lund and Bo Ek", "2023-05"),
        ("by Ann Lund, Bo Ek on 12 May 2023", "Ann Lund, Bo Ek", "2023-05-12"),
        ("By land, 12 May 2023", None, None),
        ("By Monday, 12 May 2023, the talks will end.", None, None),
    ],
)
def test_a_byline_may_tell_the_day(
    tmp_path: Path, line: str, author: str | None, published: str | None
) -> None:
    text = f"# Sharing the Varda\n\n{line}\n\nFew rivers carry as much as the Varda. It rises in the north.\n"
    found = taken(tmp_path, "varda.md", text).document
    assert (found.author, found.published) == (author, published)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("18 April 2017", "2017-04-18"),
        ("April 18, 2017", "2017-04-18"),
        ("Updated Apr. 18, 2017", "2017-04-18"),
        ("Tuesday, 18th April 2017", "2017-04-18"),
        ("Sept 2017", "2017-09"),
        ("2017-04-18T10:00:00Z", "2017-04-18"),
        ("04/18/2017", "2017-04-18"),
        ("04/05/2017", None),
        ("31 February 2017", None),
        ("In April 2017 the talks began", None),
        ("May", None),
    ],
)
def test_dates(text: str, date: str | None) -> None:
    assert dates.written(text) == date


def test_titles_addresses_and_languages() -> None:
    assert without_site("A Day | The Strait") == "A Day"
    assert without_site("A Day - The Strait", ("The Strait",)) == "A Day"
    assert without_site("War and Peace - A Review", ("The Strait",)) == "War and Peace - A Review"
    assert web_address("https://example.org/a") == "https://example.org/a"
    assert web_address("ftp://example.org") is None
    assert web_address("http://[broken") is None
    assert language_tag("en_gb") == "en-GB"
    assert language_tag("English language") is None
