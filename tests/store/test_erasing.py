"""What is erased leaves no byte in any file of the store, and a restore does not bring it back."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from building import Clock
from channels.running import eventually
from scanning import holding

from qa_service.domain.answer import Answer
from qa_service.domain.conversation import Feedback, Thumb, Turn
from qa_service.domain.errors import NotFoundError, StoreError
from qa_service.domain.principal import ANONYMOUS, Principal, Via
from qa_service.domain.question import Message
from qa_service.store import engine, erasing, kept
from qa_service.store.answers import SqliteAnswers
from qa_service.store.backing_up import backup, unpacked
from qa_service.store.conversations import SqliteConversations, SqliteOpinions
from qa_service.store.kept import Of, Subject
from qa_service.store.notebook import Notebook
from qa_service.store.recording import Recording
from qa_service.store.restoring import put_in_place
from qa_service.store.sqlite import SqliteStore

CANARY = "zqcanary"
KEY = Principal(via=Via.KEY, name="k1")
TEAM = Principal(via=Via.TEAM, name="slack/T1")


Ask = Callable[[Principal, str], str]


@pytest.fixture
def say(path: Path, book: Notebook, ask: Callable[..., Answer]) -> Ask:
    """Ask in a conversation of one's own, and judge the answer; the conversation's id."""

    def said(owner: Principal, canary: str) -> str:
        told = SqliteConversations(book, days=30)
        begun = told.begin(owner)
        with closing(Recording(SqliteAnswers(path))) as recording:
            for number in range(40):  # enough to fill pages, and to split them
                text = f"{canary} {number} " * 20
                answer = ask(text)
                told.add(begun, Turn(question=text, answer_id=answer.id))
                recording.record(Message(text=text, history=(f"{canary} earlier",)), answer)
                comment = f"{canary} comment " * 20
                given = f"{owner.owner}/U{number}" if owner is TEAM else f"conversation:{begun.id}"
                opinion = Feedback(answer_id=answer.id, thumb=Thumb.DOWN, giver=given, comment=comment)
                SqliteOpinions(book).give(opinion)
        return begun.id

    return said


def found(path: Path, canary: str) -> set[str]:
    """In which files of a store the canary stands."""
    return holding(path.parent, canary, path.name)


def test_the_canary_is_found_before_and_nowhere_after(path: Path, say: Ask) -> None:
    for number in range(5):
        say(KEY, f"zqother{number}")
    mine = say(KEY, CANARY)
    say(ANONYMOUS, "zqlast")
    assert found(path, CANARY)

    assert erasing.erase(path, Subject(Of.CONVERSATION, mine)) == 1 + 3 * 40

    assert found(path, CANARY) == set()
    assert found(path, "zqother3")
    assert found(path, "zqlast")


@pytest.mark.parametrize(
    ("owner", "subject"),
    [
        (KEY, Subject(Of.OWNER, "key:k1")),
        (TEAM, Subject(Of.OWNER, "team:slack/T1")),
        (ANONYMOUS, Subject(Of.OWNER, "anonymous:")),
        (KEY, Subject(Of.ALL)),
    ],
)
def test_of_an_owner_or_all(path: Path, say: Ask, owner: Principal, subject: Subject) -> None:
    say(Principal(via=Via.KEY, name="other"), "zqother")
    say(owner, CANARY)

    exported = json.dumps(kept.export(path, subject))
    assert exported.count(CANARY) == 40 * (20 * 5 + 1)  # turn, question, answer twice, comment; history
    erasing.erase(path, subject)

    assert found(path, CANARY) == set()
    assert bool(found(path, "zqother")) is (subject.of is not Of.ALL)
    with pytest.raises(NotFoundError):
        kept.export(path, subject)
    with pytest.raises(NotFoundError):
        erasing.erase(path, subject)


def test_who_was_told_that_bytes_are_left_tries_again(
    path: Path, say: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = say(KEY, CANARY)
    with closing(engine.sqlite3.connect(str(path), isolation_level=None)) as reading:
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM turns").fetchone()
        monkeypatch.setattr(erasing, "SECONDS", 0.3)
        with pytest.raises(StoreError, match="bytes are not"):
            erasing.erase(path, Subject(Of.CONVERSATION, mine))
        reading.execute("COMMIT")
    with pytest.raises(NotFoundError):
        erasing.erase(path, Subject(Of.CONVERSATION, mine))
    assert found(path, CANARY) == set()


def test_what_is_exported_is_every_row(path: Path, say: Ask) -> None:
    mine = say(KEY, CANARY)
    say(ANONYMOUS, "zqother")
    with closing(sqlite3.connect(path)) as connection:
        turns = connection.execute("SELECT question FROM turns WHERE conversation_id = ?", [mine]).fetchall()

    exported = kept.export(path, Subject(Of.CONVERSATION, mine))

    assert [len(exported[table]) for table in kept.TABLES] == [1, 40, 40, 40]
    assert [(row["question"],) for row in exported["turns"]] == turns
    everything = kept.export(path, Subject(Of.ALL))
    assert [len(everything[table]) for table in kept.TABLES] == [2, 80, 80, 80]


def test_a_restored_backup_does_not_bring_it_back(path: Path, say: Ask, tmp_path: Path) -> None:
    say(KEY, CANARY)
    again = say(TEAM, "zqkept")
    file = tmp_path / "nightly.backup"
    backup(path, file)
    erasing.erase(path, Subject(Of.OWNER, "key:k1"))

    made = tmp_path / "made.db"
    unpacked(file, made)
    assert erasing.erase_again(made, erasing.marks(path)) == 1 + 3 * 40
    put_in_place(made, path)

    assert found(path, CANARY) == set()
    assert found(path, "zqkept")
    assert kept.export(path, Subject(Of.CONVERSATION, again))
    later = tmp_path / "later.backup"
    say(KEY, "zqlater")  # who comes back after it is not erased again
    backup(path, later)
    made.unlink()
    unpacked(later, made)
    assert erasing.erase_again(made, erasing.marks(path)) == 0


@pytest.mark.parametrize(
    ("giver", "subject"),
    [
        ("someone:aabb", Subject(Of.OWNER, "anonymous:")),
        ("team:slack/T1/U9", Subject(Of.OWNER, "team:slack/T1")),
        ("someone:aabb", Subject(Of.ANSWER, "a1")),
        ("conversation:c1", Subject(Of.CONVERSATION, "c1")),
    ],
)
def test_an_opinion_alone_is_not_brought_back_either(
    path: Path, book: Notebook, tmp_path: Path, giver: str, subject: Subject
) -> None:
    SqliteOpinions(book).give(Feedback(answer_id="a1", thumb=Thumb.DOWN, comment=CANARY, giver=giver))
    erasing.settled(path)
    file, made = tmp_path / "nightly.backup", tmp_path / "made.db"
    backup(path, file)
    assert erasing.erase(path, subject) == 1

    unpacked(file, made)

    assert erasing.erase_again(made, erasing.marks(path)) == 1


def test_an_answer_that_is_on_its_way_to_the_store_is_erased_too(
    path: Path, book: Notebook, ask: Callable[..., Answer]
) -> None:
    told = SqliteConversations(book, days=30)
    begun, answer = told.begin(KEY), ask(CANARY)
    with closing(Recording(SqliteAnswers(path))) as recording:
        told.add(begun, Turn(question=CANARY, answer_id=answer.id))
        recording.record(Message(text=CANARY), answer)

        assert erasing.erase(path, Subject(Of.CONVERSATION, begun.id)) == 1 + 1 + 1

    assert found(path, CANARY) == set()


def test_rows_that_wait_for_the_store_are_erased_too(
    path: Path, book: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = SqliteConversations(book, days=30)
    begun = told.begin(KEY)
    told.add(begun, Turn(question="first", answer_id="0"))
    with closing(engine.sqlite3.connect(str(path), isolation_level=None)) as publishing:
        publishing.execute("BEGIN IMMEDIATE")
        told.add(begun, Turn(question=CANARY, answer_id="0"))
        assert found(path, CANARY)
        monkeypatch.setattr(erasing, "SECONDS", 0.2)
        with pytest.raises(StoreError, match="wait"):
            erasing.erase(path, Subject(Of.CONVERSATION, begun.id))
        publishing.execute("ROLLBACK")
    assert eventually(lambda: not book.waiting)
    monkeypatch.setattr(erasing, "SECONDS", 20)

    assert erasing.erase(path, Subject(Of.CONVERSATION, begun.id)) == 3
    assert found(path, CANARY) == set()
    assert not path.with_name(f"{path.name}.waiting").exists()


def test_what_had_its_time_is_in_no_file(path: Path, book: Notebook, ask: Callable[..., Answer]) -> None:
    """Turns, answers and comments of 31 days ago; those of today stay. Many, so that pages fill and split."""
    clock = Clock()
    told = SqliteConversations(book, days=30, clock=clock)
    opinions = SqliteOpinions(book, clock)
    answers = SqliteAnswers(path, 30, clock)

    def say(canary: str, count: int) -> None:
        recording = Recording(answers)
        begun = told.begin(KEY)
        for number in range(count):
            text = f"{canary} {number} " * 20
            answer = ask(text)
            told.add(begun, Turn(question=text, answer_id=answer.id))
            opinions.give(Feedback(answer_id=answer.id, thumb=Thumb.DOWN, giver=str(number), comment=text))
            recording.record(Message(text=text), answer)
        recording.close()

    for week in range(5):
        say(f"{CANARY}{week}", 60)
        clock.seconds += 7 * 86_400
    assert found(path, f"{CANARY}0")

    say("zqtoday", 1)

    assert eventually(lambda: not found(path, f"{CANARY}0"))
    assert found(path, f"{CANARY}1")
    assert found(path, "zqtoday")


def test_readers_and_writers_go_on_beside_it(path: Path, say: Ask, book: Notebook) -> None:
    mine = say(KEY, CANARY)
    with closing(SqliteStore(path, "rules")) as store, store.snapshot().pinned():
        version = store.version()
    erasing.erase(path, Subject(Of.CONVERSATION, mine))
    with closing(SqliteStore(path, "rules")) as store:
        assert store.version() == version
    told = SqliteConversations(book, days=30)
    assert told.find(told.begin(KEY).id, KEY).turns == ()
