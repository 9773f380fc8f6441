"""All that is kept in one OpenSearch cluster."""

from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from qa_service.domain.address import Address
from qa_service.domain.errors import SettingsError
from qa_service.domain.ports import Arrivals, Conversations, Deliveries, Keys, Opinions, Sessions, Tallies
from qa_service.store.opensearch.answers import OpenSearchAnswers
from qa_service.store.opensearch.arrivals import OpenSearchArrivals
from qa_service.store.opensearch.conversations import OpenSearchConversations, OpenSearchOpinions
from qa_service.store.opensearch.deliveries import OpenSearchDeliveries
from qa_service.store.opensearch.engine import Engine
from qa_service.store.opensearch.jotting import Jotter
from qa_service.store.opensearch.keys import OpenSearchKeys
from qa_service.store.opensearch.sessions import OpenSearchSessions
from qa_service.store.opensearch.state import Standing
from qa_service.store.opensearch.store import OpenSearchStore
from qa_service.store.opensearch.tallies import OpenSearchTallies
from qa_service.store.recording import Answers


class InCluster:
    """The engines of a cluster. ``secret`` is a file that all machines share."""

    warning: str | None = None  # see InFile

    def __init__(self, address: Address, secret: Path) -> None:
        if find_spec("opensearchpy") is None:
            raise SettingsError(
                "QA_STORE names OpenSearch; its extra is missing: pip install -e '.[opensearch]' in a clone."
            )
        self._engine, self._secret = Engine(address), secret

    def hasten(self) -> None:
        """See `Service.hasten`."""
        self._engine.hasten()

    @property
    def there(self) -> bool:
        """Whether anything was ever published."""
        return bool(Standing(self._engine).state().version)

    @cached_property
    def _jotter(self) -> Jotter:
        return Jotter()

    def store(self, derivation: str) -> OpenSearchStore:
        """The documents."""
        return OpenSearchStore(self._engine, derivation)

    def answers(self, days: int) -> Answers:
        """What was answered, for days."""
        return OpenSearchAnswers(self._engine, days)

    def conversations(self, days: int) -> Conversations:
        """Conversations, for days after their last question."""
        return OpenSearchConversations(self._engine, self._jotter, days)

    def opinions(self) -> Opinions:
        """What readers think of answers."""
        return OpenSearchOpinions(self._engine, self._jotter)

    def keys(self) -> Keys:
        """API keys."""
        return OpenSearchKeys(self._engine, self._jotter, self._secret)

    def sessions(self) -> Sessions:
        """Who is signed in at the desk."""
        return OpenSearchSessions(self._engine, self._secret)

    def arrivals(self) -> Arrivals:
        """What became of files."""
        return OpenSearchArrivals(self._engine)

    def tallies(self) -> Tallies:
        """Counts by the hour."""
        return OpenSearchTallies(self._engine)

    def deliveries(self) -> Deliveries:
        """Which messages of a chat have been taken on."""
        return OpenSearchDeliveries(self._engine)

    def close(self) -> None:
        """Write what waits, as far as the cluster answers, and release the connections."""
        jotter = vars(self).pop("_jotter", None)
        if jotter is not None:
            jotter.close()
        self._engine.close()
