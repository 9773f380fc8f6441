"""One cell of a store is damaged: every route and command answers, or says that the store is damaged.

Each column of each table takes each of `DAMAGES` in its turn, on a copy of a store in which every table
holds something; a service that ran over the store before goes on over the copy. By default some cells are
tried with what reads their table, `pytest -m long` all of them with everything.
"""

import logging
import shutil
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path

import pytest

from channels.running import invoke
from channels.test_principals import ROUTES, House, Route, house_in
from qa_service.domain.arrival import Arrival, Fate
from qa_service.domain.errors import IntegrityError, QAError
from qa_service.domain.tally import Tally
from qa_service.store.tables import TABLES
from qa_service.wiring import Service

DAMAGES: Mapping[str, object] = {
    "nothing": None,
    "bytes": bytes(range(256)),
    "JSON of another shape": '{"a": [1, {"b": null}]}',
    "a text": "seventeen",
    "a list of lists": '[[0, 1, "x"], [[]], "seventeen"]',
    "a text that is none": b"\xff\xfe",
}
SOME = 23  # of so many cells one is tried by default; no factor of the number of damages
# The rows that are damaged; of other tables the first one. Those of words and names are met by what is asked.
CHOSEN = {
    "passages": ("terms LIKE '%mediat%'", "ordinal = 0"),
    "stems": ("stem LIKE 'mediat%'",),
    "entries": tuple(
        f"kind = '{one}'" for one in ("surface", "name", "naming", "facing", "holder", "acronym")
    ),
    "meta": tuple(f"key = '{one}'" for one in ("version", "position", "size:passages", "derivation")),
    "answers": ("answered = 1", "answered = 0"),
}
OF_THE_INDEX = {"documents", "originals", "passages", "stems", "entries", "changes", "meta"}
QUESTIONS = (
    "Who mediated?",
    "How do Norway and Sweden differ?",
    "Give me a timeline of the talks",
    "What is the capital of Peru?",
)
ASKED = {
    ("POST", f"asked {one}"): Route("ASK", "/api/v1/ask?explain=1", json={"question": one})
    for one in QUESTIONS
} | {
    ("POST", "streamed"): Route(
        "ASK", "/api/v1/ask", json={"question": QUESTIONS[0]}, headers={"Accept": "text/event-stream"}
    )
}
CONVERSED = {
    ("GET", "conversation"): Route("ASK", "/api/v1/conversations/{conversation}"),
    ("GET", "refused"): Route("ASK", "/api/v1/answers/{refused}"),
}
READ = {
    True: ("api.", "asked", "streamed", "web.", "admin.documents", "operations.readyz"),
    False: ("admin.", "api.answer", "api.evidence", "api.judge", "conversation", "going on", "refused"),
}
COMMANDS = (
    ("documents", "list"),
    ("documents", "show", "{document}"),
    ("ask", QUESTIONS[1], "--explain"),
    ("keys", "list"),
    ("unanswered",),
    ("export", "--all"),
    ("verify", "{file}"),
    ("backup", "{backup}"),
)


@dataclass(frozen=True)
class Cell:
    """A cell that is damaged, and how."""

    table: str
    column: str
    which: str
    damage: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column} where {self.which}: {self.damage}"

    def into(self, file: Path) -> bool:
        """Damage it; whether it can be so."""
        value = DAMAGES[self.damage]
        told = "CAST(? AS TEXT)" if self.damage == "a text that is none" else "?"
        with closing(sqlite3.connect(file)) as connection, connection:
            where = f"rowid = (SELECT min(rowid) FROM {self.table} WHERE {self.which})"  # noqa: S608
            sql = f'UPDATE {self.table} SET "{self.column}" = {told} WHERE {where}'  # noqa: S608
            with suppress(sqlite3.IntegrityError):
                return connection.execute(sql, [value]).rowcount == 1
        return False


CELLS = [
    Cell(table, column, which, damage)
    for table, columns in TABLES.items()
    for column in columns
    for which in CHOSEN.get(table, ("1",))
    for damage in DAMAGES
]


@dataclass(frozen=True)
class Whole:
    """A store in which every table holds something; a service over a file that copies take the place of."""

    house: House
    file: Path

    @property
    def path(self) -> Path:
        """The file that the service reads."""
        return self.house.settings.store_path

    def damaged(self, cell: Cell) -> bool:
        """Put a damaged copy in place."""
        copy = self.file.with_name("copy.db")
        shutil.copyfile(self.file, copy)
        if not cell.into(copy):
            return False
        with closing(sqlite3.connect(copy)) as connection, connection:  # what is in memory is of the past
            connection.execute("UPDATE meta SET value = hex(randomblob(8)) WHERE key = 'mark'")
        for end in ("-wal", "-shm"):
            self.path.with_name(f"{self.path.name}{end}").unlink(missing_ok=True)
        copy.replace(self.path)
        return True


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    folder = tmp_path_factory.mktemp("damaged")
    for house in house_in(folder):
        named = dict(house.named) | _said(house)
        named |= {"file": str(folder / "answer.json"), "backup": str(folder / "backup.db")}
        answer = house.app.test_client().get(f"/api/v1/answers/{named['answer']}")
        (folder / "answer.json").write_bytes(answer.data)
        with closing(sqlite3.connect(house.settings.store_path)) as connection, connection:
            connection.execute("INSERT INTO erased VALUES ('a mark', 1)")
        _copied(house.settings.store_path, folder / "whole.db")
        yield Whole(replace(house, named=named), folder / "whole.db")


def _said(house: House) -> Mapping[str, str]:
    """What people leave behind: something in every table."""
    client = house.app.test_client()
    conversation = client.post("/api/v1/conversations").json["id"]
    client.post("/api/v1/ask", json={"question": QUESTIONS[1], "conversation_id": conversation})
    refused = client.post("/api/v1/ask", json={"question": QUESTIONS[-1]}).json["id"]
    for one in (house.named["answer"], refused):
        client.post("/api/v1/feedback", json={"answer_id": one, "value": "down", "comment": "no"})
    with closing(Service(house.settings)) as service:
        service.deliveries.claim(["a message"])
        service.tallies.keep("a process", Tally(hour=int(time.time() // 3600), answered=1))
        service.arrivals.note([Arrival(name="a.pdf", at=1, fate=Fate.REJECTED, reason="broken")])
        service.sessions.begin(house.keys["admin"])
        while len(service.recording.among([house.named["answer"], refused])) < 2:
            time.sleep(0.05)
    return {"conversation": conversation, "refused": refused}


def _copied(store: Path, file: Path) -> None:
    with closing(sqlite3.connect(store)) as source, closing(sqlite3.connect(file)) as copy:
        source.backup(copy)


def test_every_table_holds_something(whole: Whole) -> None:
    with closing(sqlite3.connect(whole.file)) as connection:
        for table, which in {(cell.table, cell.which) for cell in CELLS}:
            sql = f"SELECT count(*) FROM {table} WHERE {which}"  # noqa: S608 - constants
            assert connection.execute(sql).fetchone()[0], (table, which)


def faults(whole: Whole, cell: Cell, caplog: pytest.LogCaptureFixture, *, all_of_them: bool) -> Iterator[str]:
    """Requests that get neither an answer nor the store's error."""
    conversation = whole.house.named["conversation"]
    asked = {"question": "And Sweden?", "conversation_id": conversation}
    going_on = {("POST", "going on"): Route("ASK", "/api/v1/ask", json=asked)}
    for (method, name), route in (ROUTES | ASKED | CONVERSED | going_on).items():
        told = READ[cell.table in OF_THE_INDEX]
        if method == "DELETE" or name in SLOW or not (all_of_them or name.startswith(told)):
            continue
        caller = {"SLACK": "slack", "HOOK": "hook", "CHANGE": "ingest"}.get(route.kind, "nobody")
        caplog.clear()
        try:
            status = whole.house.call(method, route, "desk" if name.startswith("admin.") else caller)
        except QAError:  # of the test's own: nobody can sign in
            continue
        errors = [one for one in caplog.records if one.levelno >= logging.ERROR]
        if any(one.exc_info for one in errors) or status == 500 or (status == 503 and not errors):
            yield f"{method} {name}: {status} {[one.exc_info or one.getMessage() for one in errors]}"


SLOW = {"admin.remove", "admin.sign_out", "admin.sign_in"}  # in a process of its own; see `Service` below


def complaint(whole: Whole, command: Sequence[str]) -> Iterator[str]:
    """A command that ends with a traceback, or in several lines."""
    made = [part.format(**whole.house.named) for part in command]
    try:
        done = invoke(*made, QA_STORE=whole.house.settings.store)
    except Exception as error:
        yield f"{made[0]}: {type(error).__name__}: {error}"
    else:
        lines = [] if command[0] in {"verify", "documents"} else done.stderr.splitlines()
        if done.returncode not in {0, 1, 2, 3} or (done.returncode == 1 and len(lines) > 1):
            yield f"{made[0]}: {done.returncode} {done.stderr}"
    Path(whole.house.named["backup"]).unlink(missing_ok=True)


def unpublished(whole: Whole) -> Iterator[str]:
    """A service that cannot start or take a document out, and does not say that its store is why."""
    try:
        with closing(Service(whole.house.settings)) as service:
            service.prepare()
            service.open()
            service.indexing.remove(whole.house.named["document"])
    except QAError:
        pass
    except Exception as error:
        yield f"publishing: {type(error).__name__}: {error}"


def test_one_in_some_columns(whole: Whole, caplog: pytest.LogCaptureFixture) -> None:
    found, commands = {}, cycle(COMMANDS)
    for cell in CELLS[::SOME]:
        if whole.damaged(cell):
            found[str(cell)] = [
                *faults(whole, cell, caplog, all_of_them=False),
                *complaint(whole, next(commands)),
                *(unpublished(whole) if cell.table in OF_THE_INDEX else ()),
            ]

    assert len(found) > len(CELLS) // SOME // 2
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_a_document_whose_original_is_damaged_can_be_removed(whole: Whole) -> None:
    assert whole.damaged(Cell("originals", "data", "1", "bytes"))
    with closing(Service(whole.house.settings)) as service:
        document = whole.house.named["document"]
        with pytest.raises(IntegrityError):
            service.store.original(document)
        service.indexing.remove(document)

        assert service.store.known_sources() == {}


@pytest.mark.long
def test_each_in_each_column(whole: Whole, caplog: pytest.LogCaptureFixture) -> None:
    found = {}
    for cell in CELLS:
        if whole.damaged(cell):
            found[str(cell)] = [
                *faults(whole, cell, caplog, all_of_them=True),
                *(line for command in COMMANDS for line in complaint(whole, command)),
                *unpublished(whole),
            ]

    assert {name: lines for name, lines in found.items() if lines} == {}
