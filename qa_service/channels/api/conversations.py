"""The routes /conversations: the service keeps the earlier questions of whoever asks."""

from flask import Response

from qa_service.channels.access import caller
from qa_service.channels.api import presenting, request_models
from qa_service.channels.api.routes import Routing
from qa_service.domain.conversation import Conversation
from qa_service.wiring import Service


def register(api: Routing, service: Service) -> None:
    """Add the routes."""

    @api.post("/conversations")
    def begin() -> Response:
        """An empty conversation. Its id goes into ``conversation_id`` of /ask."""
        made = service.conversations.begin(caller())
        response = presenting.sent(_shown(made), 201)
        response.headers["Location"] = f"/api/v1/conversations/{made.id}"
        return response

    @api.get("/conversations/<conversation_id>")
    def conversation(path: request_models.ConversationPath) -> Response:
        """The questions that were asked in it. 404 when it is another caller's."""
        return presenting.sent(_shown(service.conversations.find(path.conversation_id, caller())))

    @api.delete("/conversations/<conversation_id>")
    def forget(path: request_models.ConversationPath) -> Response:
        """Removes it, its questions, the answers that only it was given, and what was said of them in it.

        404 when it is another caller's.
        """
        service.conversations.forget(path.conversation_id, caller())
        return Response(status=204)


def _shown(value: Conversation) -> presenting.Json:
    return {
        "id": value.id,
        "turns": [{"question": one.question, "answer_id": one.answer_id} for one in value.turns],
    }
