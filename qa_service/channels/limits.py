"""A message within the limits of the settings, for channels that tell what is wrong."""

from collections.abc import Sequence

from qa_service.domain.errors import InputError, NotFoundError
from qa_service.domain.question import Message
from qa_service.wiring import Service


def message(
    service: Service, question: str, history: Sequence[str] = (), documents: Sequence[str] = ()
) -> Message:
    """The Message.

    Raises InputError naming the field that breaks a limit, NotFoundError for an unknown document id.
    """
    longest, most = service.settings.question_characters, service.settings.history_questions
    for field, text in [("question", question), *(("history", earlier) for earlier in history)]:
        if len(text) > longest:
            raise InputError(f"{field}: at most {longest} characters; shorten it.", field)
    if len(history) > most:
        raise InputError(f"history: at most {most} questions; send the latest.", "history")
    for number, document_id in enumerate(documents):
        if not service.answering.read(lambda desk, name=document_id: name in desk.edition.documents):  # type: ignore[misc]
            raise NotFoundError("There is no such document.", f"documents.{number}")
    return Message(text=question, history=tuple(history), documents=tuple(documents))
