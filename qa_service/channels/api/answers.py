"""The routes /answers/{id}: what was answered, by any worker, and the evidence for it."""

from dataclasses import asdict

from flask import Response

from qa_service.channels.api import presenting, request_models
from qa_service.channels.api.routes import Routing
from qa_service.domain.errors import NotFoundError
from qa_service.domain.pack import Recorded
from qa_service.wiring import Service


def register(api: Routing, service: Service) -> None:
    """Add the routes."""

    def recorded(answer_id: str) -> Recorded:
        found = service.recording.find(answer_id)
        if found is None:
            raise NotFoundError("There is no such answer.", "answer_id")
        return found

    @api.get("/answers/<answer_id>")
    def answer(path: request_models.AnswerPath) -> Response:
        """The answer object as it was given, and whether the index has changed since."""
        found = recorded(path.answer_id)
        changed = found.index_version != service.answering.desk.edition.version
        return presenting.sent({**found.answer, "index_changed": changed})

    @api.get("/answers/<answer_id>/evidence")
    def evidence(path: request_models.AnswerPath) -> Response:
        """The answer with all that is needed to check it without this service, beside the original files.

        410 when the index no longer holds the text that the answer quotes.
        """
        pack = service.pack(recorded(path.answer_id).answer)
        response = presenting.sent(asdict(pack))
        response.headers.set("Content-Disposition", "attachment", filename=f"{path.answer_id}.evidence.json")
        return response
