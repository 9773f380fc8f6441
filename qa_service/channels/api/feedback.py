"""The route /feedback: what readers think of answers."""

import secrets

from flask import Response

from qa_service.channels.access import caller
from qa_service.channels.api import request_models
from qa_service.channels.api.routes import Routing
from qa_service.domain.conversation import Feedback, Thumb, opinions_of
from qa_service.domain.errors import NotFoundError
from qa_service.domain.principal import ANONYMOUS
from qa_service.wiring import Service


def register(api: Routing, service: Service) -> None:
    """Add the route."""

    @api.post("/feedback")
    def judge(body: request_models.FeedbackBody) -> Response:
        """Keeps a thumb and a comment. 404 when no answer of that id is kept."""
        if service.recording.find(body.answer_id) is None:
            raise NotFoundError("There is no such answer.", "answer_id")
        service.opinions.give(
            Feedback(
                answer_id=body.answer_id,
                thumb=Thumb(body.value),
                comment=body.comment.strip(),
                giver=_giver(service, body.conversation_id),
            )
        )
        return Response(status=204)


def _giver(service: Service, conversation_id: str | None) -> str:
    """The conversation, the known caller, or somebody who cannot be told from others."""
    giver = caller()
    if conversation_id is not None:
        return opinions_of(service.conversations.find(conversation_id, giver).id)
    return f"someone:{secrets.token_hex(8)}" if giver is ANONYMOUS else giver.owner
