"""What every store keeps for the desk, SQLite's and OpenSearch's: sessions, files, opinions."""

from dataclasses import replace
from pathlib import Path

import pytest
from building import Clock
from machines import Processes

from qa_service.domain.arrival import Arrival, Fate
from qa_service.domain.conversation import Feedback, Thumb
from qa_service.domain.ports import Keys, Sessions
from qa_service.domain.principal import Scope, Via
from qa_service.domain.tally import NONE, Tally
from qa_service.store import arrivals
from qa_service.store.tallies import KEPT_HOURS

ADMIN = frozenset({Scope.ADMIN})
TAKEN = Arrival(name="a.md", at=10, fate=Fate.ADDED, document_id="a-1")
KNOWN = Arrival(name="a.md", at=11, fate=Fate.KNOWN, document_id="a-1")
REJECTED = Arrival(name="<b>.pdf", at=12, fate=Fate.REJECTED, reason="encrypted")


@pytest.fixture
def keys(machine: Processes) -> Keys:
    return machine().keys()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(machine: Processes, clock: Clock) -> Sessions:
    return machine().sessions(clock)


@pytest.fixture
def elsewhere(machine: Processes, clock: Clock) -> Sessions:
    """The sessions as another process knows them."""
    return machine().sessions(clock)


def test_a_session_is_its_keys_holder_in_every_process(
    keys: Keys, sessions: Sessions, elsewhere: Sessions
) -> None:
    made, text = keys.create("desk", ADMIN)
    session = sessions.begin(text)

    assert session
    for known in (sessions, elsewhere):
        found = known.holder(session)
        assert found is not None
        assert (found.via, found.name, found.scopes) == (Via.KEY, made.id, ADMIN)


def test_a_session_is_neither_a_key_nor_a_key_a_session(keys: Keys, sessions: Sessions) -> None:
    _, text = keys.create("desk", ADMIN)
    session = sessions.begin(text)

    assert session and keys.principal(session) is None
    assert sessions.holder(text) is None


@pytest.mark.parametrize("text", ["", "qa_", "\ud800", "x" * 10_000, "' OR 1=1 --", "../keys"])
def test_no_text_begins_or_is_a_session(keys: Keys, sessions: Sessions, text: str) -> None:
    for _ in range(2):
        assert sessions.begin(text) is None
        assert sessions.holder(text) is None
        sessions.end(text)
        keys.create("desk", ADMIN)  # now there is a secret


def test_a_session_dies_with_its_key(keys: Keys, sessions: Sessions, elsewhere: Sessions) -> None:
    made, text = keys.create("desk", ADMIN)
    _, other = keys.create("another", ADMIN)
    session, kept = sessions.begin(text), sessions.begin(other)
    assert session and kept and elsewhere.holder(session) is not None

    keys.revoke(made.id)

    assert elsewhere.holder(session) is None
    assert elsewhere.begin(text) is None
    assert elsewhere.holder(kept) is not None


def test_a_session_ends_when_it_is_ended(keys: Keys, sessions: Sessions, elsewhere: Sessions) -> None:
    _, text = keys.create("desk", ADMIN)
    session, other = sessions.begin(text), sessions.begin(text)
    assert session and other and session != other

    sessions.end(session)

    assert elsewhere.holder(session) is None
    assert elsewhere.holder(other) is not None


def test_a_session_lasts_an_hour_used_or_not(keys: Keys, sessions: Sessions, clock: Clock) -> None:
    _, text = keys.create("desk", ADMIN)
    session = sessions.begin(text)
    assert session

    clock.seconds += 3600 - 1
    assert sessions.holder(session) is not None
    clock.seconds += 1
    assert sessions.holder(session) is None
    assert sessions.begin(text)  # and takes those away that are over


def test_what_became_of_files_is_told_the_newest_first(machine: Processes) -> None:
    machine().arrivals().note([TAKEN, KNOWN])
    machine().arrivals().note([REJECTED])

    assert list(machine().arrivals().latest()) == [REJECTED, KNOWN, TAKEN]


def test_the_files_of_a_document_are_forgotten(machine: Processes) -> None:
    other = replace(TAKEN, name="other.pdf", document_id="other")
    machine().arrivals().note([TAKEN, KNOWN, other, REJECTED])
    machine().arrivals().forget([TAKEN.document_id])

    assert list(machine().arrivals().latest()) == [REJECTED, other]


def test_the_rejected_do_not_push_the_taken_out(machine: Processes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "KEPT", 3)
    kept = machine().arrivals()
    for number in range(5):
        kept.note([Arrival(name=str(number), at=number, fate=Fate.REJECTED, reason="empty"), TAKEN])

    found = kept.latest()
    assert [one.name for one in found if one.fate is Fate.REJECTED] == ["4", "3", "2"]
    assert len(found) == 6


def test_opinions_come_with_the_thumbs_down_first(machine: Processes) -> None:
    opinions = machine().opinions()
    for number, thumb in enumerate([Thumb.DOWN, Thumb.UP, Thumb.DOWN, Thumb.UP]):
        opinions.give(Feedback(answer_id=str(number), thumb=thumb, giver="g", comment=f"{number}?"))

    found = machine().opinions().latest(3)
    assert [(one.answer_id, one.thumb) for one in found] == [
        ("2", Thumb.DOWN),
        ("0", Thumb.DOWN),
        ("3", Thumb.UP),
    ]
    assert found[0].comment == "2?"


def test_what_processes_count_in_an_hour_is_added_up_however_often_it_is_told(machine: Processes) -> None:
    one, other = machine().tallies(), machine().tallies()
    early = Tally(hour=KEPT_HOURS + 5, answered=1, took=(1, *NONE[1:]))
    late = Tally(hour=KEPT_HOURS + 7, refused=2)
    for _ in range(2):
        one.keep("one", early)
        other.keep("other", early + early)
        one.keep("one", late)

    assert list(machine().tallies().since(0)) == [early + early + early, late]
    assert list(machine().tallies().since(late.hour)) == [late]


def test_counts_are_kept_for_a_quarter_of_a_year(machine: Processes) -> None:
    kept = machine().tallies()
    for hour in (10, 11, 11 + KEPT_HOURS):
        kept.keep("one", Tally(hour=hour, answered=1))

    assert [one.hour for one in machine().tallies().since(0)] == [11, 11 + KEPT_HOURS]


def test_where_it_cannot_be_noted_nothing_fails(tmp_path: Path) -> None:
    arrivals.SqliteArrivals(tmp_path / "none.db").note([TAKEN])
    arrivals.SqliteArrivals(tmp_path / "none.db").forget(["none"])

    assert not (tmp_path / "none.db").exists()
