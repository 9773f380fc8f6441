"""What is looked up in a text, looked up once: the questions of one message share those before them."""

from collections.abc import Callable
from functools import cache

from qa_service.domain.annotation import Mention
from qa_service.domain.ports import ActorNames


class NamesOnce:
    """See ActorNames. The names in a text are kept for as long as this is: while one message is read."""

    def __init__(self, names: ActorNames) -> None:
        self.actor, self.names, self.related = names.actor, names.names, names.related
        self._mentions: Callable[[str, bool], tuple[Mention, ...]] = cache(
            lambda text, typed: names.mentions(text, typed=typed)
        )

    def mentions(self, text: str, *, typed: bool = False) -> tuple[Mention, ...]:
        """See ActorNames."""
        return self._mentions(text, typed)
