"""Questions that were not answered become groups: those that ask for the same thing in other words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from qa_service.channels.questions import DISLIKED, Disliked, reason
from qa_service.domain.pack import Recorded
from qa_service.domain.ports import Analyser

MOST = 1000  # questions that are looked at, the latest
ALIKE = 0.5  # of the words of two questions that are in both


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, why it was not answered (or `DISLIKED`), and what a reader said."""

    id: str
    question: str
    history: tuple[str, ...]
    reason: str
    comment: str = ""


@dataclass(slots=True)
class Group:
    """Questions that are alike, the newest first; ``stems`` are those of the first one."""

    stems: frozenset[str]
    asked: list[Asked] = field(default_factory=list)


def grouped(refused: Sequence[Recorded], disliked: Sequence[Disliked], analyser: Analyser) -> Sequence[Group]:
    """The groups, the largest first, of equal ones the newest."""
    groups: list[Group] = []
    holding: dict[str, list[Group]] = defaultdict(list)
    for one in _once(refused, disliked):
        stems = frozenset(analyser.stems(one.question))
        group = _nearest(stems, holding)
        if group is None:
            group = Group(stems)
            groups.append(group)
            for stem in stems:
                holding[stem].append(group)
        group.asked.append(one)
    return sorted(groups, key=lambda group: -len(group.asked))


def _once(refused: Sequence[Recorded], disliked: Sequence[Disliked]) -> Iterable[Asked]:
    """Each message once, the newest first, the disliked ones before the refused ones."""
    made = {one.message: _asked(one, reason(one)) for one in reversed(refused)}
    said = {one.message: _asked(one, DISLIKED, comment) for one, comment in reversed(disliked)}
    return (said | {message: one for message, one in made.items() if message not in said}).values()


def _asked(one: Recorded, why: str, comment: str = "") -> Asked:
    return Asked(
        id=one.id, question=one.message.text, history=one.message.history, reason=why, comment=comment
    )


def _nearest(stems: frozenset[str], holding: dict[str, list[Group]]) -> Group | None:
    """The group that shares most words with a question, when it is alike."""
    near = {id(group): group for stem in stems for group in holding.get(stem, ())}
    best = max(near.values(), key=lambda group: _shared(stems, group.stems), default=None)
    return best if best is not None and _shared(stems, best.stems) >= ALIKE else None


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
