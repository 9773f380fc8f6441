"""Every file that is made to harm ends as a document or is rejected with its reason: within the limits,
with no process left, nothing read that was not sent and nobody asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fetch.sites import HERE, Canary, secret, speaker

from qa_service.domain.document import Ingested, Rejected
from tests.ingest.bombs import ARCHIVES, BASE, PDFS, SENTENCE, external
from tests.ingest.containing import ended, readers
from tests.ingest.reading_files import Limits, reason, taken

LIMITS = Limits(parser_seconds=30, parser_cpu_seconds=8)  # of seconds, less than the service allows
HOSTNAME = "kept in a file of this machine"


EXTERNAL = tuple(external(BASE, "", ""))
DECLARED = {
    f"{one}.docx" for one in ("laughs", "file", "asked", "parameter", "utf-16", "types")
}  # none is needed


@pytest.fixture
def canary() -> Iterator[Canary]:
    with speaker(secret) as one:
        yield one


@pytest.mark.parametrize("name", PDFS)
def test_a_pdf(tmp_path: Path, name: str) -> None:
    data = PDFS[name]()
    assert len(data) < 2_000_000
    found = ended(tmp_path, ".pdf", data, LIMITS)

    assert isinstance(found, Ingested) or found.reason


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive(tmp_path: Path, name: str) -> None:
    found = ended(tmp_path, ".docx", ARCHIVES[name](BASE), LIMITS)

    assert isinstance(found, Rejected)
    assert found.reason.startswith(("refused: ", "broken: "))


@pytest.mark.parametrize("name", EXTERNAL)
def test_xml_that_names_what_is_outside(tmp_path: Path, canary: Canary, name: str) -> None:
    (tmp_path / "inside").mkdir()
    kept = tmp_path / "inside" / "hostname"
    kept.write_text(HOSTNAME)
    data = external(BASE, kept.as_uri(), f"http://{HERE}:{canary.port}/")[name]
    found = ended(tmp_path, Path(name).suffix, data, LIMITS)

    assert canary.connections == 0
    assert isinstance(found, Rejected) is (name in DECLARED)
    if isinstance(found, Ingested):
        assert HOSTNAME not in found.document.text
        assert "secret" not in found.document.text
        assert "haha" not in found.document.text
    else:
        assert found.reason.startswith("refused: ")


def test_they_are_as_many_as_was_promised() -> None:
    assert (len(PDFS), len(ARCHIVES), len(EXTERNAL)) == (11, 8, 12)


def test_the_same_without_harm_is_read(tmp_path: Path) -> None:
    assert SENTENCE in taken(tmp_path, "a.docx", BASE).document.text


def test_what_never_ends_is_ended(tmp_path: Path) -> None:
    """Beyond the time of the clock, too, where no processor time is used."""
    stopped = Limits(parser_seconds=0.05)
    assert "longer" in reason(tmp_path, "endless.docx", BASE, stopped)
    assert readers("endless") == []
