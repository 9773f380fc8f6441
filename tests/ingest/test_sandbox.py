"""A parser in a process of its own, whatever that does: a draft, or a reason, and nothing of it is left."""

import os
import sys
from pathlib import Path
from time import monotonic, sleep, thread_time

import pytest

from qa_service.ingest import sandbox
from qa_service.ingest.assembly import Draft, Source
from qa_service.ingest.errors import UnreadableError
from qa_service.ingest.limits import Limits

DRAFT = (
    '{"parts": [["heading", 2, [["Weirs", 0, 5, null]]], ["paragraph", null, [["It", 7, 9, 3]]]],'
    ' "metadata": {"author": "A. Keeper"}, "media_type": "text/weir", "unit": "page_character"}'
)
TELL = "import json, os, signal, sys, time; tell = lambda what: print(json.dumps({'reason': str(what)}));"


def source(data: bytes = b"") -> Source:
    return Source(name="w", file_name="w.pdf", stem="w", origin="w", data=data)


@pytest.fixture
def draft(monkeypatch: pytest.MonkeyPatch) -> "Drafting":
    return Drafting(monkeypatch)


class Drafting:
    """The draft of a process that does as it is told in Python."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.patch = patch

    def by(self, code: str, *, data: bytes = b"", seconds: float = 20) -> Draft:
        command = [sys.executable, "-I", "-S", "-c", TELL + code]
        self.patch.setattr(sandbox, "_command", lambda _kind, _source, _limits: command)
        return sandbox.drafted("pdf", source(data), Limits(parser_seconds=seconds))

    def reason(self, code: str, *, data: bytes = b"", seconds: float = 20) -> str:
        with pytest.raises(UnreadableError) as told:
            self.by(code, data=data, seconds=seconds)
        return str(told.value)


def test_what_it_says_becomes_the_draft(draft: Drafting) -> None:
    made = draft.by(f"print('''{{\"draft\": {DRAFT}}}''')")

    assert [(part.kind.value, part.level, part.text) for part in made.parts] == [
        ("heading", 2, "Weirs"),
        ("paragraph", None, "It"),
    ]
    assert [(one.start, one.end, one.page) for one in made.parts[1].traced.pieces] == [(7, 9, 3)]
    assert (made.metadata.author, made.media_type, made.unit.value) == (
        "A. Keeper",
        "text/weir",
        "page_character",
    )


def test_its_reason_is_told(draft: Drafting) -> None:
    assert draft.reason("tell('encrypted')") == "encrypted"


def test_it_reads_the_bytes_from_their_beginning(draft: Drafting) -> None:
    assert draft.reason("tell(sys.stdin.buffer.read())", data=b"%PDF-1.7") == "b'%PDF-1.7'"


@pytest.mark.parametrize(
    ("signal", "reason"),
    [
        ("SIGXCPU", "too complex: reading it takes longer"),
        ("SIGKILL", "too complex: reading it takes longer"),
        ("SIGABRT", "too complex or broken: its reader needed more memory"),
        ("SIGSEGV", "too complex or broken: its reader needed more memory"),
        ("SIGHUP", "too complex or broken: its reader needed more memory"),
    ],
)
def test_one_that_is_ended_is_told_by_its_signal(draft: Drafting, signal: str, reason: str) -> None:
    assert draft.reason(f"os.kill(os.getpid(), signal.{signal})").startswith(reason)


@pytest.mark.parametrize("code", ["", "print('words')", "print('{')", "sys.exit(1)"])
def test_one_that_says_nothing_that_is_understood_is_broken(draft: Drafting, code: str) -> None:
    assert draft.reason(code).startswith("broken: the file cannot be read")


def test_a_draft_counts_whatever_the_status(draft: Drafting) -> None:
    assert draft.by(f"print('''{{\"draft\": {DRAFT}}}'''); sys.exit(1)").parts


def test_all_of_a_long_text_is_read(draft: Drafting) -> None:
    assert len(draft.reason("tell('a' * 3_000_000)")) == 3_000_000


def test_what_says_too_much_is_ended(draft: Drafting, monkeypatch: pytest.MonkeyPatch) -> None:
    told = len('{"reason": "aaa"}\n')
    monkeypatch.setattr(sandbox, "_MOST_OUTPUT", told)

    assert draft.reason("tell('aaa')") == "aaa"
    assert draft.reason("tell('aaaa')") == "too long: its text is larger than is allowed"


def test_what_takes_too_long_is_ended(draft: Drafting) -> None:
    begun = monotonic()

    assert draft.reason("time.sleep(60)", seconds=0.3).startswith("too complex: reading it takes longer")
    assert 0.3 <= monotonic() - begun < 5


def test_what_never_stops_speaking_is_ended_too(draft: Drafting) -> None:
    endless = "\nwhile True: print('a', flush=True); time.sleep(0.01)"

    assert draft.reason(endless, seconds=0.3).startswith("too complex: reading it takes longer")


def test_what_does_not_end_after_its_last_word_is_ended(
    draft: Drafting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "_ENDING", 0.2)

    told = draft.reason("tell('read'); sys.stdout.flush(); os.close(1); time.sleep(60)")
    assert told.startswith("too complex: reading it takes longer")


def test_who_waits_for_it_leaves_the_processor_to_it(draft: Drafting) -> None:
    begun = thread_time()
    draft.reason("time.sleep(0.5); tell('read')")

    assert thread_time() - begun < 0.05


def gone(process: int) -> bool:
    """Whether a process ends within seconds."""
    end = monotonic() + 5
    while monotonic() < end:
        try:
            os.kill(process, 0)
            if Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        sleep(0.01)
    return False


@pytest.mark.parametrize("then", ["time.sleep(60)", "tell('started one')"])
def test_what_it_started_is_ended_with_it(draft: Drafting, tmp_path: Path, then: str) -> None:
    note = tmp_path / "pid"
    start = f"""
if os.fork() == 0:
    os.closerange(0, 3)
    open({str(note)!r}, "w").write(str(os.getpid()))
    time.sleep(60)
while not os.path.exists({str(note)!r}) or not os.path.getsize({str(note)!r}): time.sleep(0.01)
{then}
"""
    draft.reason(start, seconds=1)

    assert gone(int(note.read_text("ascii")))


def test_it_knows_nothing_of_our_environment(draft: Drafting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_SECRET", "canary")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("LANG", "C.UTF-8")
    told = draft.reason("tell(' '.join(sorted(os.environ)))").split()

    assert told == ["LANG", "LC_ALL", "PATH"]


def test_an_environment_without_them_does_as_well(draft: Drafting, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PATH", "LANG", "LC_ALL"):
        monkeypatch.delenv(name, raising=False)

    assert draft.reason("tell('read')") == "read"


def test_its_complaints_are_not_ours(draft: Drafting, capfd: pytest.CaptureFixture[str]) -> None:
    draft.reason("print('a warning', file=sys.stderr)")

    assert capfd.readouterr().err == ""


def test_it_has_no_files_of_ours(draft: Drafting, tmp_path: Path) -> None:
    with (tmp_path / "store.db").open("wb") as ours:
        os.set_inheritable(ours.fileno(), True)
        told = draft.reason(f"tell(os.path.exists('/proc/self/fd/{ours.fileno()}'))")

    assert told == "False"


def test_the_worker_is_told_its_limits_in_the_order_in_which_it_reads_them() -> None:
    limits = Limits(parser_cpu_seconds=11, parser_memory_bytes=22, pages=33)
    command = sandbox._command("pdf", source(), limits)

    assert command == [sys.executable, "-I", "-m", "qa_service.ingest.worker", "pdf", "w", "11", "22", "33"]
