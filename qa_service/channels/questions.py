"""Question files: JSON lines that say what is asked and what an answer has to hold."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qa_service.domain.errors import InputError
from qa_service.domain.pack import Recorded
from qa_service.domain.question import Message
from qa_service.wiring import Service

DISLIKED = "thumbs_down"  # in place of the reason of a refusal
Disliked = tuple[Recorded, str]  # an answer, and what a reader said of it


class Row(BaseModel):
    """One question.

    ``evidence`` holds groups of alternatives: of each group one has to be quoted. ``mention`` holds groups
    of which the text has to say one, ``avoid`` what it must not say. ``or_evidence`` is for a question that
    has no answer because the text contradicts it: quoting that is as good as a refusal. ``doc`` and ``form``
    name the document and the files that the question is about, where a file of questions is about several.
    ``comment`` is what a reader said of an answer.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    type: str
    question: str
    history: tuple[str, ...] = ()
    answerable: bool
    evidence: tuple[tuple[str, ...], ...] = ()
    mention: tuple[tuple[str, ...], ...] = ()
    avoid: tuple[str, ...] = ()
    kind: str | None = None
    or_evidence: tuple[str, ...] = ()
    doc: str = ""
    form: str | tuple[str, ...] = Field(default=())
    comment: str = ""

    @property
    def message(self) -> Message:
        """What is asked."""
        return Message(text=self.question, history=self.history)

    @property
    def forms(self) -> tuple[str, ...]:
        """The files that the question is about."""
        return (self.form,) if isinstance(self.form, str) else self.form


def read(file: Path) -> tuple[Row, ...]:
    """The rows of a question file. Raises InputError naming the line that is none."""
    rows = []
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            rows.append(Row.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            raise InputError(f"{file}, line {number}: {field} {first['msg']}".strip()) from error
    return tuple(rows)


def collected(service: Service, most: int | None = None) -> tuple[Sequence[Recorded], Sequence[Disliked]]:
    """What was refused, and the answers that readers disliked: of each the latest ``most``, the oldest
    first. Raises StoreError.
    """
    refused = service.recording.refused(*([] if most is None else [most]))
    against = service.opinions.against()[-most if most else None :]
    judged = service.recording.among(one.answer_id for one in against)
    disliked = [(judged[one.answer_id], one.comment) for one in against if one.answer_id in judged]
    return refused, disliked


def unanswered(refused: Sequence[Recorded], disliked: Sequence[Disliked] = ()) -> str:
    """Refused questions as rows of such a file, each once, then the disliked ones; what is to be quoted a
    person fills in.
    """
    rows: dict[Message, Row] = {}
    for one in refused:
        rows[one.message] = _row(one, reason(one), answerable=False)
    for one, comment in disliked:
        rows[one.message] = _row(one, DISLIKED, answerable=one.answered, comment=comment)
    hidden = {"or_evidence", "doc", "form"}
    return "\n".join(
        row.model_dump_json(exclude=hidden if row.comment else hidden | {"comment"}) for row in rows.values()
    )


def _row(one: Recorded, kind: str, *, answerable: bool, comment: str = "") -> Row:
    return Row(
        id=one.id,
        type=kind,
        question=one.message.text,
        history=one.message.history,
        answerable=answerable,
        comment=comment,
    )


def reason(one: Recorded) -> str:
    """Why a question was refused."""
    return str((one.answer.get("refusal") or {}).get("reason", "unanswered"))
