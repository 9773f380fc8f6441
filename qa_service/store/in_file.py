"""All that is kept in one SQLite file."""

from functools import cached_property
from pathlib import Path

from qa_service.domain.ports import Arrivals, Conversations, Deliveries, Keys, Opinions, Sessions, Tallies
from qa_service.store.answers import SqliteAnswers
from qa_service.store.arrivals import SqliteArrivals
from qa_service.store.conversations import SqliteConversations, SqliteOpinions
from qa_service.store.deliveries import SqliteDeliveries
from qa_service.store.engine import resets_badly, sqlite3
from qa_service.store.keys import SqliteKeys
from qa_service.store.notebook import Notebook
from qa_service.store.recording import Answers
from qa_service.store.sessions import SqliteSessions
from qa_service.store.sqlite import SqliteStore
from qa_service.store.tallies import SqliteTallies


class InFile:
    """The engines of a file. ``secret`` is the file of the secret under which keys are hashed."""

    def __init__(self, path: Path, secret: Path) -> None:
        self._path, self._secret = path, secret

    @property
    def there(self) -> bool:
        """Whether anything was ever kept."""
        return self._path.exists()

    @property
    def warning(self) -> str | None:
        """What is to be said of the engine before it is trusted with a store; None: nothing."""
        if not resets_badly():
            return None
        return (
            f"SQLite {sqlite3.sqlite_version} may, rarely, destroy a store into which several write at once "
            "(its WAL-reset bug, mended in 3.51.3): see docs/operations.md"
        )

    @cached_property
    def _notebook(self) -> Notebook:
        return Notebook(self._path)

    def store(self, derivation: str) -> SqliteStore:
        """The documents."""
        return SqliteStore(self._path, derivation)

    def answers(self, days: int) -> Answers:
        """What was answered, for days."""
        return SqliteAnswers(self._path, days)

    def conversations(self, days: int) -> Conversations:
        """Conversations, for days after their last question."""
        return SqliteConversations(self._notebook, days)

    def opinions(self) -> Opinions:
        """What readers think of answers."""
        return SqliteOpinions(self._notebook)

    def keys(self) -> Keys:
        """API keys."""
        return SqliteKeys(self._notebook, self._secret)

    def sessions(self) -> Sessions:
        """Who is signed in at the desk."""
        return SqliteSessions(self._notebook, self._secret)

    def arrivals(self) -> Arrivals:
        """What became of files."""
        return SqliteArrivals(self._path)

    def tallies(self) -> Tallies:
        """Counts by the hour."""
        return SqliteTallies(self._path)

    def deliveries(self) -> Deliveries:
        """Which messages of a chat have been taken on."""
        return SqliteDeliveries(self._path)

    def close(self) -> None:
        """Write what waits, and release the file."""
        notebook = vars(self).pop("_notebook", None)
        if notebook is not None:
            notebook.close()
