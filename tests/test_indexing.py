import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from building import at_once, settings_in
from shelving import contents

from qa_service.domain.errors import NotFoundError, SettingsError
from qa_service.domain.question import Message
from qa_service.settings import Settings
from qa_service.wiring import Service

DAM = "# The dam\n\nThe dam holds the water of the upper valley.\n"
TALKS = "# The talks\n\nOn 3 May 2017, the talks opened in Bergen.\n"


@pytest.fixture
def service(own_settings: Settings) -> Iterator[Service]:
    """A service over an empty store."""
    service = Service(own_settings)
    yield service
    service.store.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "dam.md").write_text(DAM, encoding="utf-8")
    (folder / "talks.md").write_text(TALKS, encoding="utf-8")
    return folder


def titles(service: Service) -> list[str]:
    return sorted(document.title for document in contents(service.store.snapshot()).documents)


def test_a_folder_becomes_one_version(service: Service, folder: Path) -> None:
    report = service.indexing.ingest([folder])
    assert len(report.added) == 2
    assert (report.known, report.rejected) == ((), ())
    assert report.version == service.store.version() != ""
    assert titles(service) == ["The dam", "The talks"]


def test_the_same_bytes_twice_are_one_document(service: Service, folder: Path) -> None:
    first = service.indexing.ingest([folder])
    again = service.indexing.ingest([folder])
    assert again.added == ()
    assert set(again.known) == set(first.added)
    assert again.version == first.version
    (folder / "copy.md").write_text(DAM, encoding="utf-8")
    copied = service.indexing.ingest([folder / "copy.md"])
    assert (copied.added, len(copied.known), copied.version) == ((), 1, first.version)


def test_the_same_bytes_twice_in_one_ingest_are_one_document(service: Service, folder: Path) -> None:
    (folder / "another-dam.md").write_text(DAM, encoding="utf-8")
    report = service.indexing.ingest([folder, folder / "dam.md"])
    assert len(report.added) == 2
    assert titles(service) == ["The dam", "The talks"]


def test_a_changed_file_replaces_what_it_was(service: Service, folder: Path) -> None:
    before = service.indexing.ingest([folder])
    (folder / "dam.md").write_text(DAM.replace("holds", "has lost"), encoding="utf-8")
    after = service.indexing.ingest([folder])
    assert len(after.added) == 1
    assert after.version != before.version
    assert titles(service) == ["The dam", "The talks"]
    texts = [document.text for document in contents(service.store.snapshot()).documents]
    assert sum("has lost" in text for text in texts) == 1
    assert not any("holds" in text for text in texts)


def test_a_heading_that_becomes_a_paragraph_moves_the_version(service: Service, tmp_path: Path) -> None:
    path = tmp_path / "text.md"
    versions = set()
    for mark in ("# ", "## ", ""):
        path.write_text(f"# Title\n\n{mark}Water\n\nThe dam holds.\n", encoding="utf-8")
        versions.add(service.indexing.ingest([path]).version)
    assert len(versions) == 3


def test_rejected_files_are_reported_and_the_others_taken(service: Service, folder: Path) -> None:
    (folder / "broken.pdf").write_bytes(b"no PDF at all")
    (folder / "empty.txt").write_bytes(b"")
    report = service.indexing.ingest([folder, folder / "nowhere.md"])
    assert len(report.added) == 2
    assert sorted(Path(one.name).name for one in report.rejected) == ["broken.pdf", "empty.txt", "nowhere.md"]
    assert all(one.reason for one in report.rejected)


def test_an_ingest_without_any_good_file_publishes_nothing(service: Service, folder: Path) -> None:
    before = service.indexing.ingest([folder]).version
    report = service.indexing.ingest([folder / "nowhere.md"])
    assert (report.added, report.version) == ((), before)


def test_lines_of_jsonl_keep_their_ids_and_are_replaced_by_them(service: Service, tmp_path: Path) -> None:
    path = tmp_path / "notes.jsonl"

    def write(text: str) -> None:
        rows = [
            {"id": "n1", "title": "One", "text": text},
            {"id": "n2", "title": "Two", "text": "Two stays."},
        ]
        path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")

    write("The dam holds.")
    assert set(service.indexing.ingest([path]).added) == {"n1", "n2"}
    write("The dam broke.")
    report = service.indexing.ingest([path])
    assert (report.added, report.known) == (("n1",), ("n2",))
    assert "broke" in contents(service.store.snapshot()).documents[0].text
    assert len(contents(service.store.snapshot()).documents) == 2


def test_the_order_of_ingests_does_not_matter(folder: Path, tmp_path: Path) -> None:
    files = [folder / "dam.md", folder / "talks.md"]
    versions = set()
    for number, order in enumerate((files, files[::-1])):
        service = Service(settings_in(tmp_path / str(number)))
        for file in order:
            service.indexing.ingest([file])
        versions.add(service.store.version())
        service.store.close()
    assert len(versions) == 1


def test_a_removed_document_is_gone_and_can_come_back(service: Service, folder: Path) -> None:
    before = service.indexing.ingest([folder]).version
    document_id = contents(service.store.snapshot()).documents[0].id
    assert service.indexing.remove(document_id) != before
    assert len(contents(service.store.snapshot()).documents) == 1
    with pytest.raises(NotFoundError, match=document_id):
        service.indexing.remove(document_id)
    assert service.indexing.ingest([folder]).version == before


def sources(folder: Path, *paths: str) -> Path:
    file = folder / "sources.toml"
    file.write_text("".join(f"[[source]]\npath = '{path}'\n" for path in paths), encoding="utf-8")
    return file


def test_sources_are_followed_once(service: Service, folder: Path) -> None:
    file = sources(folder, "dam.md", "talks.md")
    first = service.indexing.follow(file)
    assert first is not None
    assert len(first.added) == 2
    assert service.indexing.follow(file) is None
    assert service.store.version() == first.version


def test_an_added_or_changed_source_is_picked_up(service: Service, folder: Path) -> None:
    service.indexing.follow(sources(folder, "dam.md"))
    assert titles(service) == ["The dam"]
    service.indexing.follow(sources(folder, "dam.md", "talks.md"))
    assert titles(service) == ["The dam", "The talks"]
    (folder / "dam.md").write_text(DAM.replace("The dam\n", "The old dam\n"), encoding="utf-8")
    service.indexing.follow(sources(folder, "dam.md", "talks.md"))
    assert titles(service) == ["The old dam", "The talks"]


def test_what_the_list_no_longer_names_is_taken_out(service: Service, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.md"
    other.write_text("# Other\n\nSomething else was said in Oslo.\n", encoding="utf-8")
    service.indexing.ingest([other])
    service.indexing.follow(sources(folder, "dam.md", "talks.md"))
    service.indexing.follow(sources(folder, "dam.md"))
    assert titles(service) == ["Other", "The dam"]


def test_a_list_with_a_rejected_file_is_read_again(service: Service, folder: Path) -> None:
    (folder / "empty.md").write_bytes(b"")
    file = sources(folder, "dam.md", "empty.md")
    assert service.indexing.follow(file) is not None
    (report, version) = (service.indexing.follow(file), service.store.version())
    assert report is not None
    assert (len(report.rejected), report.version) == (1, version)


def test_a_file_overwritten_with_the_bytes_of_another_leaves_no_stale_text(
    service: Service, folder: Path
) -> None:
    service.indexing.ingest([folder])
    (folder / "dam.md").write_text(TALKS, encoding="utf-8")
    service.indexing.ingest([folder])
    assert titles(service) == ["The talks"]


def test_a_file_added_to_a_folder_of_sources_is_picked_up(service: Service, folder: Path) -> None:
    file = sources(folder.parent, "texts")
    service.indexing.follow(file)
    (folder / "third.md").write_text("# Third\n\nA third text.\n", encoding="utf-8")
    report = service.indexing.follow(file)
    assert report is not None
    assert len(report.added) == 1
    assert titles(service) == ["The dam", "The talks", "Third"]


@pytest.mark.parametrize(
    "content",
    [
        b"[[source]\n",
        b"[[source]]\nfile = 'dam.md'\n",
        b"[[source]]\npath = 5\n",
        b"source = 'dam.md'\n",
        b"source = ['dam.md']\n",
        b"[source]\npath = 'dam.md'\n",
        b"\xff\xfe",
    ],
)
def test_a_broken_list_of_sources_names_its_setting(service: Service, folder: Path, content: bytes) -> None:
    file = folder / "sources.toml"
    file.write_bytes(content)
    with pytest.raises(SettingsError, match=r"QA_SOURCES.*sources\.toml"):
        service.indexing.follow(file)


def test_an_address_in_the_list_of_sources_is_told_where_it_belongs(service: Service, folder: Path) -> None:
    file = folder / "sources.toml"
    file.write_text('[[source]]\npath = "https://river.example/feed"\n', "utf-8")
    with pytest.raises(
        SettingsError, match=r"is no file; use `qa-service ingest https://river\.example/feed`"
    ):
        service.indexing.follow(file)


def test_a_missing_list_of_sources_names_its_setting(service: Service, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"QA_SOURCES.*nowhere\.toml"):
        service.indexing.follow(tmp_path / "nowhere.toml")


def test_other_rules_derive_everything_anew_from_the_same_texts(
    service: Service, folder: Path, tmp_path: Path
) -> None:
    service.indexing.ingest([folder])
    before = contents(service.store.snapshot())
    assert not service.indexing.refresh()

    aliases = tmp_path / "aliases.toml"
    aliases.write_text("[[actor]]\nname = 'The host'\nnames = ['Bergen']\n", encoding="utf-8")
    (folder / "dam.md").unlink()  # the texts come from the store
    other = Service(settings_in(tmp_path, QA_ALIASES=str(aliases)))
    other.prepare()
    after = contents(other.store.snapshot())
    assert after.documents == before.documents
    assert after.version != before.version
    mentioned = {one.actor for found in after.annotations.values() for one in found.mentions}
    assert "The host" in mentioned
    assert not other.indexing.refresh()
    assert service.store.version() == after.version
    other.store.close()


def test_originals_survive_a_refresh(service: Service, folder: Path, tmp_path: Path) -> None:
    service.indexing.ingest([folder])
    originals = {
        one.id: service.store.original(one.id) for one in contents(service.store.snapshot()).documents
    }
    aliases = tmp_path / "aliases.toml"
    aliases.write_text("", encoding="utf-8")
    other = Service(settings_in(tmp_path, QA_ALIASES=str(aliases)))
    assert other.indexing.refresh()
    assert {name: other.store.original(name) for name in originals} == originals
    other.store.close()


def test_what_is_ingested_is_answered(service: Service, folder: Path) -> None:
    service.indexing.ingest([folder])
    answer = service.answering.answer(Message(text="When did the talks open in Bergen?"))
    assert [one.quote for one in answer.citations] == ["On 3 May 2017, the talks opened in Bergen."]


def test_a_moved_file_stays_when_another_takes_its_place(service: Service, folder: Path) -> None:
    service.indexing.ingest([folder])
    (folder / "dam.md").rename(folder / "zdam.md")
    (folder / "dam.md").write_text("# The weir\n\nThe weir was finished in 1972.\n", encoding="utf-8")
    report = service.indexing.ingest([folder])
    assert len(report.added) == 1
    assert titles(service) == ["The dam", "The talks", "The weir"]
    assert service.indexing.ingest([folder]).version == service.store.version()
    assert titles(service) == ["The dam", "The talks", "The weir"]


def test_services_that_derive_anew_at_once_all_start(
    service: Service, folder: Path, own_settings: Settings, tmp_path: Path
) -> None:
    service.indexing.ingest([folder])
    aliases = tmp_path / "aliases.toml"
    aliases.write_text("", encoding="utf-8")
    starting = [Service(own_settings.model_copy(update={"aliases": aliases})) for _ in range(3)]
    for one in starting:
        assert one.store.stale()
    with at_once([one.prepare for one in starting]):
        pass
    for one in starting:
        assert not one.store.stale()
        assert titles(one) == ["The dam", "The talks"]
        one.close()
