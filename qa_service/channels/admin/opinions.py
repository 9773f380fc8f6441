"""What readers think of answers, beside what was asked and answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa_service.domain.conversation import Feedback
from qa_service.domain.pack import Recorded
from qa_service.wiring import Service

MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What a reader thinks, and of what; None when the answer is kept no more."""

    given: Feedback
    of: Recorded | None


def latest(service: Service) -> Sequence[Opinion]:
    """The thumbs that are down, then those that are up, of each the newest first."""
    given = service.opinions.latest(MOST)
    judged = service.recording.among({one.answer_id for one in given})
    return [Opinion(given=one, of=judged.get(one.answer_id)) for one in given]
