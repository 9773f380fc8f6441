"""The shape of a trace: why an answer is what it is."""

from pydantic import Field

from qa_service.channels.api.sending import Sent


class WeightModel(Sent):
    """A stem of the question with its weight, or with how well a sentence matches it (1: the same stem)."""

    stem: str
    weight: float


class CorrectionModel(Sent):
    """A word that no document holds, and what it was read as; both as stems."""

    typed: str
    read: str


class WindowModel(Sent):
    """Days, both inclusive; null is open."""

    first: str | None
    last: str | None


class UnderstoodModel(Sent):
    """How the message was read."""

    standalone: str
    kind: str
    answer_type: str | None = Field(
        description="What an answer has to contain: who, when, number and others."
    )
    actors: list[str]
    terms: list[WeightModel]
    names: list[str] = Field(description="Capitalised words that name no known actor.")
    numbers: list[str]
    corrections: list[CorrectionModel]
    defined: str | None = Field(description="The term whose meaning is asked.")
    window: WindowModel | None


class ContributionModel(Sent):
    """What one feature adds to a score."""

    feature: str
    score: float


class CandidateModel(Sent):
    """A sentence that was considered; its contributions sum to its score."""

    rank: int
    document_id: str
    passage_id: str
    start: int
    end: int
    text: str
    score: float
    contributions: list[ContributionModel]
    matches: list[WeightModel]


class ChosenModel(Sent):
    """A quote of the answer; the score is that of what chose it, 0 where nothing was scored."""

    document_id: str
    start: int
    end: int
    speaker: str | None
    score: float


class WinnerModel(Sent):
    """The candidate that the first quote holds, and its lead over the best other one."""

    rank: int
    score: float
    lead: float = Field(description="Below zero when another check preferred it to a better ranked one.")
    over: list[ContributionModel] = Field(description="What each feature adds to the lead.")


class CheckModel(Sent):
    """The check that refused, with what it compared."""

    name: str
    figures: dict[str, float | str | list[str]]


class TraceModel(Sent):
    """What was understood, considered, chosen or refused."""

    understood: UnderstoodModel
    candidates: list[CandidateModel] = Field(description="The best ten.")
    chosen: list[ChosenModel]
    winner: WinnerModel | None = Field(description="Null when the first quote was not found by ranking.")
    refused_by: CheckModel | None
