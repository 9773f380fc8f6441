"""The bundled corpus: what sources.toml names exists, says what it is, and is in our own words."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
INDEX = ROOT / "index"
DIGEST = INDEX / "corpus" / "russia-and-the-us-in-afghanistan.md"
ORIGINAL = ROOT.parent / "shared" / "seed" / "growing-russian-involvement-in-afghanistan.txt"

REQUIRED = {"title", "author", "publisher", "published", "language"}
OPTIONAL = {"url", "based_on"}
LONGEST_SHARED_RUN = 7  # words; names and terms need up to six ("Afghan National Unity Government (NUG)")


def sources() -> list[Path]:
    """The paths of sources.toml, resolved against its folder (an absolute path stays as it is)."""
    tables = tomllib.loads((INDEX / "sources.toml").read_text(encoding="utf-8"))["source"]
    return [INDEX / table["path"] for table in tables]


def bundled_markdown() -> list[Path]:
    return sorted((INDEX / "corpus").rglob("*.md"))


def front_matter_and_body(path: Path) -> tuple[dict[str, Any], str]:
    before, header, body = path.read_text(encoding="utf-8").split("---\n", 2)
    assert before == "", f"{path.name} does not open with front matter"
    return yaml.safe_load(header), body


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def shared_runs(text: str, original: str, length: int) -> list[str]:
    """Every run of `length` words of `text` that also stands in `original`, punctuation and case aside."""

    def runs(tokens: list[str]) -> list[str]:
        return [" ".join(tokens[i : i + length]) for i in range(len(tokens) - length + 1)]

    known = set(runs(words(original)))
    return [run for run in runs(words(text)) if run in known]


def test_every_source_exists() -> None:
    paths = sources()
    assert paths
    assert [path for path in paths if not path.exists()] == []


def test_every_bundled_document_is_a_source() -> None:
    named = sources()
    left_out = [p for p in bundled_markdown() if not any(p == n or n in p.parents for n in named)]
    assert left_out == []


@pytest.mark.parametrize("path", bundled_markdown(), ids=lambda path: path.stem)
def test_front_matter_says_what_the_document_is(path: Path) -> None:
    front, body = front_matter_and_body(path)
    assert REQUIRED <= front.keys() <= REQUIRED | OPTIONAL
    assert all(isinstance(value, str) and value.strip() for value in front.values())
    assert re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", front["published"])
    assert body.lstrip().startswith(f"# {front['title']}\n")


def test_the_digest_names_its_original() -> None:
    front, body = front_matter_and_body(DIGEST)
    for part in ("Abdul Basit", "Growing Russian Involvement in Afghanistan", "CO17070", "https://"):
        assert part in front["based_on"]
    assert "The author of the commentary is Abdul Basit." in body


def test_shared_runs_are_found_across_punctuation_and_lines() -> None:
    assert shared_runs("He said: two, three four.", "one two\nthree “four” five", 3) == ["two three four"]
    assert shared_runs("two four three", "one two three four", 2) == []


@pytest.mark.skipif(not ORIGINAL.exists(), reason="the original commentary is not here (../shared/seed)")
def test_the_digest_is_in_our_own_words() -> None:
    _, body = front_matter_and_body(DIGEST)
    original = ORIGINAL.read_text(encoding="utf-8")
    assert shared_runs(body, original, LONGEST_SHARED_RUN + 1) == []
