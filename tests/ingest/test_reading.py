import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from qa_service.domain.document import Rejected
from qa_service.ingest import Limits, discover, read
from tests.ingest.reading_files import reason, taken


def test_folders_are_walked_in_order_and_named_paths_always_count(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", ".hidden.txt", "photo.png", "sub/c.TXT", ".git/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("words")
    found = discover([tmp_path, tmp_path / "photo.png", tmp_path / "b.txt", tmp_path / "missing.txt"])
    assert [path.relative_to(tmp_path).as_posix() for path in found] == [
        "a.md", "b.txt", "sub/c.TXT", "photo.png", "missing.txt",
    ]  # fmt: skip


def test_what_cannot_be_read_is_rejected_by_name(tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(b"x")
    for name, expected in {
        "missing.txt": "no such file",
        "photo.png": "kind of file",
        ".": "folder",
        "a\0b.txt": "no such file",
    }.items():
        (found,) = read(tmp_path / name)
        assert isinstance(found, Rejected)
        assert expected in found.reason
        assert found.name == str(tmp_path / name)


def test_mislabelled_files_are_named_for_what_they_are(tmp_path: Path) -> None:
    assert "it is a PDF" in reason(tmp_path, "a.txt", b"%PDF-1.4 ...")
    assert "ZIP" in reason(tmp_path, "b.html", b"PK\x03\x04....")
    assert "large" in reason(tmp_path, "c.txt", "x" * 11, Limits(file_bytes=10))
    assert "too long" in reason(tmp_path, "d.txt", "a word " * 10, Limits(text_characters=20))


def test_ids_and_hashes_come_from_the_bytes(tmp_path: Path) -> None:
    found = taken(tmp_path, "Ärger: A Long Name!.txt", "A sentence.")
    digest = sha256(b"A sentence.").hexdigest()
    assert found.document.id == f"rger-a-long-name-{digest[:8]}"
    assert found.original.sha256 == digest
    assert found.document.sha256 == sha256(found.document.text.encode()).hexdigest()
    again = taken(tmp_path, "Ärger: A Long Name!.txt", "A sentence.")
    assert again == found
    other = taken(tmp_path, "Ärger: A Long Name!.txt", "Another sentence.")
    assert other.document.id != replace(found.document).id


def test_importing_ingest_imports_no_parser() -> None:
    heavy = {"trafilatura", "docx", "pypdfium2", "lxml", "yaml", "markdown_it"}
    check = f"import sys, qa_service.ingest; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
