from pathlib import Path

import pytest

from qa_service.domain.document import BlockKind
from tests.ingest.reading_files import Source, blocks, outline, taken

ESSAY = """---
title: "The Canal & the Coast"
author: Ines Marr
published: 2019-05-02
url: https://example.org/canal
language: en_gb
based_on: The Long Canal
---

# The Canal & the Coast

[Home](/) > [Essays](/essays)

## Two **views**

The *northern* council wants [a toll](https://example.org/a_(toll) "why"), while `the south`
doesn&rsquo;t; both cite the self-
governing port.[^1] ![map](map.png)

- First, a toll.
- Second, *no* toll,
  as before.

| Side | View |
|------|------|
| North | wants a \\| toll |

**What remains**

Nothing else <b>was</b> said.

[^1]: A note.
"""


def test_markup_goes_and_text_stays(tmp_path: Path) -> None:
    document = taken(tmp_path, "canal.md", ESSAY).document
    assert outline(document)[:9] == [
        ("title", "The Canal & the Coast"),
        ("byline", "Ines Marr"),
        ("byline", "2019-05-02"),
        ("heading", "Two views"),
        (
            "paragraph",
            "The northern council wants a toll, while the south doesn’t; both cite the self-governing port.",
        ),
        ("list_item", "First, a toll."),
        ("list_item", "Second, no toll, as before."),
        ("list_item", "Side | View"),
        ("list_item", "North | wants a | toll"),
    ]
    assert ("heading", "What remains") in outline(document)
    assert "Nothing else was said." in blocks(document)


def test_front_matter_fills_the_metadata(tmp_path: Path) -> None:
    document = taken(tmp_path, "canal.md", ESSAY).document
    assert (document.author, document.published, document.url) == (
        "Ines Marr",
        "2019-05-02",
        "https://example.org/canal",
    )
    assert (document.language, document.based_on) == ("en-GB", "The Long Canal")


def test_every_block_is_placed_in_the_file(tmp_path: Path) -> None:
    found = taken(tmp_path, "canal.md", ESSAY)
    source = Source(found)
    start = found.document.text.index("a toll, while")
    assert source.of(start, start + 6) == "a toll"
    start = found.document.text.index("doesn’t")
    assert source.of(start, start + 7) == "doesn&rsquo;t"
    start = found.document.text.index("Two views")
    assert source.of(start, start + 9) == "Two **views"


def test_label_lines_above_the_text_are_bylines(tmp_path: Path) -> None:
    text = (
        "# A Report\n\n**Author(s):** Roe, Ana\n**Publication Date:** 04/16/2026\n\n---\n\nIt begins here.\n"
    )
    document = taken(tmp_path, "r.md", text).document
    assert (document.author, document.published) == ("Roe, Ana", "2026-04-16")
    assert len(blocks(document, BlockKind.BYLINE)) == 2


def test_an_ambiguous_date_is_no_date(tmp_path: Path) -> None:
    document = taken(tmp_path, "r.md", "# A Report\n\n**Date:** 04/05/2026\n\nIt begins here.\n").document
    assert document.published is None


def test_broken_front_matter_stays_text(tmp_path: Path) -> None:
    assert (
        "colours"
        in taken(tmp_path, "b.md", "---\ncolours: [\n---\n\nA sentence stands here.\n").document.text
    )


LOOSE = """---
title: Peace: A Study
# for the archive
author: "Ana Roe: a pen name"
date: 2017-04-18\r
url: 'https://example.org/peace' # still there
publisher:

subtitle: “A”: a letter
tags: [peace, study]
---

A toll is asked at the weir.
"""


def test_front_matter_that_is_no_strict_yaml_is_read_line_by_line(tmp_path: Path) -> None:
    found = taken(tmp_path, "peace.md", LOOSE)
    document = found.document
    assert (document.title, document.author, document.published, document.url, document.publisher) == (
        "Peace: A Study",
        "Ana Roe: a pen name",
        "2017-04-18",
        "https://example.org/peace",
        None,
    )
    assert "subtitle" not in document.text
    start = document.text.index("Ana Roe")
    assert Source(found).of(start, start + 7) == "Ana Roe"


@pytest.mark.parametrize(
    "line", ["a line of prose", "  indented: value", "two words: value", "- item", "rest: [half"]
)
def test_front_matter_with_a_line_of_another_kind_stays_text(tmp_path: Path, line: str) -> None:
    document = taken(tmp_path, "p.md", f"---\ntitle: Peace: A Study\n{line}\n---\n\nA toll.\n").document
    assert line.strip("- ") in document.text


def test_a_heading_without_words_is_no_title(tmp_path: Path) -> None:
    found = taken(tmp_path, "short.md", "\x00 A toll is asked.\n#")

    assert found.document.text.strip()
