"""A file is sent under a name; none is a path, none is told with what cannot be shown, and each ends well."""

import unicodedata
from pathlib import Path

import pytest
from building import ingested, settings_in
from flask.testing import FlaskClient

from qa_service.app import create_app
from qa_service.channels.files import PARTS
from qa_service.domain.principal import Scope

ROUTE = "/api/v1/documents"
NAMES = [
    *(
        "../up.md",
        "../../../../../../tmp/up.md",
        "..\\up.md",
        "..\\..\\..\\up.md",
        "/etc/up.md",
        "//etc/up.md",
    ),
    *(
        "\\\\server\\share\\up.md",
        "C:\\up.md",
        "C:up.md",
        "file:///etc/up.md",
        "http://127.0.0.1/up.md",
        "./up.md",
    ),
    *("a/../../up.md", "a\\..\\..\\up.md", "....//up.md", "..././up.md", "%2e%2e%2fup.md", "%2e%2e/up.md"),
    *("..%2fup.md", "..%5cup.md", "%252e%252e%252fup.md", "..%c0%afup.md", "..%ef%bc%8fup.md", "．．／up.md"),
    *(
        "‥/up.md",
        "~/up.md",
        "~root/up.md",
        "$HOME/up.md",
        "`id`.md",
        "$(id).md",
        "|id.md",
        ";id;.md",
        "&id.md",
    ),
    *("a\0b.md", "up.md\0.txt", "a\rb.md", "a\nX-Header: b.md", "a\tb.md", "\x1b[31mup.md", "\x7fup.md"),
    *(
        "CON.md",
        "NUL.md",
        "aux.md",
        "COM1.md",
        "up.md.",
        "up.md ",
        " up.md",
        ".md",
        "..md",
        ".htaccess",
        "up.md:stream",
    ),
    *(
        "x" * 4_096 + ".md",
        "ü" * 2_000 + ".md",
        "up\u202edm.exe.md",
        "u\u200bp.md",
        "\ufeffup.md",
        "u\u0308p.md",
    ),
    *("-rf.md", "--help.md", "'; DROP TABLE documents; --.md", "<b>up</b>.md", '"up".md', "{{7*7}}.md"),
]
CANARY = "This file is nobody's to change."


def form(files: list[tuple[str, bytes]]) -> bytes:
    """A body of parts; of a name only what would end the header line or its quotes is written otherwise."""
    parts = []
    for name, data in files:
        told = name.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "%0D").replace("\n", "%0A")
        head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{told}"\r\n\r\n'
        parts.append(head.encode("utf-8", "replace") + data + b"\r\n")
    return b"".join(parts) + b"--x--\r\n"


@pytest.fixture
def places(tmp_path: Path) -> list[Path]:
    """Files where a name would lead, as seen from the store and from the temporary folder."""
    made = [tmp_path / "up.md", tmp_path / "data" / "etc" / "up.md", tmp_path / "data" / "~" / "up.md"]
    for one in made:
        one.parent.mkdir(parents=True, exist_ok=True)
        one.write_text(CANARY)
    return made


def test_of_sixty_names_none_is_a_path(tmp_path: Path, places: list[Path]) -> None:
    assert len(set(NAMES)) >= 60
    service = ingested(settings_in(tmp_path / "data"))
    text = service.keys.create("archive", frozenset({Scope.INGEST}))[1]
    headers = {"Authorization": f"Bearer {text}", "Content-Type": "multipart/form-data; boundary=x"}
    client: FlaskClient = create_app(service.settings).test_client()
    before = {file for file in tmp_path.rglob("*") if file.is_file()}
    elsewhere = set(Path("/tmp").glob("*up*")) | set(Path("/etc").glob("up*"))  # noqa: S108

    added: list[str] = []
    rejected: list[str] = []
    for first in range(0, len(NAMES), PARTS):
        sent = [
            (name, f"# Weir {number}\n\nWeir {number} was finished in 1973.\n".encode())
            for number, name in enumerate(NAMES[first : first + PARTS], first)
        ]
        response = client.post(ROUTE, data=form(sent), headers=headers)
        assert response.status_code in {200, 201, 400, 422}, response.json
        told = response.json
        assert len(told.get("added", [])) + len(told.get("rejected", [])) == len(sent), told
        added += told["added"]
        for one in told["rejected"]:
            assert one["reason"]
            rejected.append(one["name"])

    assert len(added) > 40
    for one in rejected:
        assert not any(unicodedata.category(sign)[0] == "C" for sign in one)
    listed = [one["id"] for one in client.get(ROUTE).json["documents"]]
    assert len(set(added) & set(listed)) > 30  # names that are the same without their folders are one place
    for one in listed:
        disposition = client.get(f"{ROUTE}/{one}/source").headers["Content-Disposition"]
        assert "\\" not in disposition.replace('\\"', "")
        assert "/" not in disposition
    after = {file for file in tmp_path.rglob("*") if file.is_file()}
    assert {file.name.split(".db")[0] for file in after - before} <= {"store"}
    assert [one.read_text() for one in places] == [CANARY] * len(places)
    assert set(Path("/tmp").glob("*up*")) | set(Path("/etc").glob("up*")) == elsewhere  # noqa: S108
    service.close()
