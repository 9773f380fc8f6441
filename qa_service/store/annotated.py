"""What was found in a document, from the text that a store keeps of it."""

from collections.abc import Sequence
from functools import cached_property

from qa_service.domain.annotation import Annotations, Definition, Event, Mention, Position
from qa_service.store.encoding import Several, parted


class StoredAnnotations:
    """See Annotated: each is made when it is asked for."""

    def __init__(self, text: str) -> None:
        mentions, positions, events, definitions = parted(Annotations, text)
        self.mentions = Several(Mention, mentions)
        self.positions = Several(Position, positions)
        self.events = Several(Event, events)
        self.definitions = Several(Definition, definitions)

    @cached_property
    def named(self) -> Sequence[str]:
        """See Annotated."""
        return self.mentions.each("actor")

    @cached_property
    def holders(self) -> Sequence[Sequence[str]]:
        """See Annotated."""
        return self.positions.each("actors")
