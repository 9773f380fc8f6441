"""The script as it is served: its size, what it is made of, how it may be cached; no browser is needed."""

import base64
import gzip
import hashlib
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from channels.running import invoke
from qa_service.channels.widget import assembly

BUDGET = 12_000  # bytes, gzipped
ALIAS = "/widget/v1/qa-widget.js"
MODULES = {name: (assembly.FOLDER / "script" / f"{name}.js").read_text("utf-8") for name in assembly.MODULES}
IMPORT = re.compile(r'^import \{ (.*) \} from "\./(\w+)\.js";$', re.MULTILINE)
# Ways in which text becomes markup or code.
SINKS = (
    r"innerHTML|outerHTML|insertAdjacentHTML|setHTML|document\.write|createContextualFragment|DOMParser|srcdoc"
    r"|\beval\b|new Function"
)


def test_it_stays_within_its_budget() -> None:
    size = len(assembly.script().gzipped)

    assert size <= BUDGET, f"{size} bytes"


def test_what_is_zipped_is_the_script() -> None:
    assert gzip.decompress(assembly.script().gzipped) == assembly.script().body


def test_every_module_is_joined_after_what_it_imports() -> None:
    files = {file.stem for file in (assembly.FOLDER / "script").glob("*.js")}
    assert files == set(assembly.MODULES)
    for name, text in MODULES.items():
        assert len(re.findall("^import ", text, re.MULTILINE)) == len(IMPORT.findall(text))
        for imported, module in IMPORT.findall(text):
            exported = set(
                re.findall(
                    r"^export (?:async )?(?:const|function|class) (\w+)", MODULES[module], re.MULTILINE
                )
            )
            assert set(imported.split(", ")) <= exported, (name, module)
            unused = [one for one in imported.split(", ") if len(re.findall(rf"\b{one}\b", text)) < 2]
            assert not unused, (name, unused)


def test_joining_keeps_every_string_and_drops_every_comment() -> None:
    body = assembly.script().body.decode()

    assert "//" not in re.sub(r"https?:(\\/\\/|//)|\\/\\/", "", body)
    assert "/*" not in body
    for name, text in MODULES.items():
        code = re.sub(r"(^|\s)(//.*|/\*.*\*/)$", "", text, flags=re.MULTILINE)
        for string in re.findall(r'"[^"\n]*"|`[^`]*`', IMPORT.sub("", code)):
            assert string in body or string.replace("\n", "") in body, (name, string)


def test_nothing_in_it_turns_text_into_markup_or_code() -> None:
    assert not re.search(SINKS, assembly.script().body.decode())


@pytest.mark.parametrize("language", assembly.languages())
def test_every_table_says_the_same_things(language: str) -> None:
    english, table = assembly.words("en"), assembly.words(language)

    assert list(table) == list(english)
    for name, text in english.items():
        holes = re.findall(r"\{\d\}", text)
        assert sorted(re.findall(r"\{\d\}", table[name])) == sorted(holes), name
    assert table["direction"] in {"ltr", "rtl"}


def test_every_word_that_is_used_is_in_the_table_and_the_other_way_round() -> None:
    code = "\n".join(MODULES.values())
    known = set(assembly.words("en")) - {"direction"}
    used = set(re.findall(r'(?:words|say|next|note)\([^)]*?"(\w+)"', code)) | set(
        re.findall(r'"(\w+)"', code)
    )

    assert known <= used, known - used
    assert set(re.findall(r'words\("(\w+)"', code)) <= known


def test_there_are_three_languages() -> None:
    assert assembly.languages() == ["ar", "de", "en"]


def test_the_version_is_kept_for_good_and_the_alias_for_a_while(client: FlaskClient) -> None:
    exact, alias = client.get(assembly.script().path), client.get(ALIAS)

    assert exact.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert alias.headers["Cache-Control"] == "public, max-age=300"
    for response in (exact, alias):
        assert response.content_type == "text/javascript; charset=utf-8"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert response.headers["Vary"] == "Accept-Encoding"
        assert response.data == assembly.script().body


def test_it_is_sent_zipped_to_who_takes_that_and_once(client: FlaskClient) -> None:
    first = client.get(ALIAS, headers={"Accept-Encoding": "br, gzip;q=0.8"})
    assert first.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(first.data) == assembly.script().body
    assert client.get(ALIAS, headers={"Accept-Encoding": "gzip;q=0"}).headers.get("Content-Encoding") is None

    again = client.get(ALIAS, headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(ALIAS).headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize(
    "path", ["/widget/0.0.1-abc/qa-widget.js", "/widget/v1/words/xx.json", "/widget/v1/words/../en.json"]
)
def test_what_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_command_prints_a_tag_for_exactly_these_bytes(client: FlaskClient) -> None:
    tag = invoke("widget", "--url", "https://qa.example.org/").stdout.strip()

    found = re.fullmatch(
        r'<script src="https://qa\.example\.org(\S+)" integrity="sha384-(\S+)" crossorigin="anonymous" '
        r'data-mode="floating" defer></script>',
        tag,
    )
    assert found is not None
    digest = hashlib.sha384(client.get(found[1]).data).digest()
    assert base64.b64encode(digest).decode() == found[2]


def test_the_command_knows_where_the_service_is() -> None:
    assert 'src="http://127.0.0.1:8000/widget/' in invoke("widget").stdout
    assert 'src="https://qa.example/widget/' in invoke("widget", QA_PUBLIC_URL="https://qa.example").stdout
    inline = invoke("widget", "--inline").stdout.splitlines()
    assert "data-" not in inline[0]
    assert inline[1] == '<qa-widget mode="inline"></qa-widget>'
    assert invoke("widget", QA_NONSENSE="1").returncode == 1


def test_the_modules_stay_small() -> None:
    for file in (assembly.FOLDER / "script").glob("*.js"):
        assert len(file.read_text("utf-8").splitlines()) <= 300, file.name
    assert Path(assembly.__file__).parent.name == "widget"
