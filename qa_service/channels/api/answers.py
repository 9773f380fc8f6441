"""The routes /answers/{id}: what was answered, by any worker, and the evidence for it."""

from dataclasses import asdict

from flask import Response
from flask_openapi import APIBlueprint, Tag

from qa_service.channels.api import pack_models, presenting
from qa_service.channels.api.problems import PROBLEM
from qa_service.domain.errors import NotFoundError
from qa_service.domain.pack import Recorded
from qa_service.wiring import Service

TAG = Tag(name="Records", description="What was answered, by id.")


def register(api: APIBlueprint, service: Service) -> None:
    """Add the routes."""

    def recorded(answer_id: str) -> Recorded:
        found = service.recording.find(answer_id)
        if found is None:
            raise NotFoundError("There is no such answer.", "answer_id")
        return found

    @api.get(
        "/answers/<answer_id>",
        tags=[TAG],
        summary="Show an answer again",
        responses={"200": pack_models.RecordedModel},
    )
    def answer(path: pack_models.AnswerPath) -> Response:
        """The answer object as it was given, and whether the index has changed since."""
        found = recorded(path.answer_id)
        changed = found.index_version != service.answering.desk.edition.version
        return presenting.sent({**found.answer, "index_changed": changed})

    @api.get(
        "/answers/<answer_id>/evidence",
        tags=[TAG],
        summary="Fetch the evidence",
        responses={"200": pack_models.PackModel, "410": PROBLEM},
    )
    def evidence(path: pack_models.AnswerPath) -> Response:
        """The answer with all that is needed to check it without this service, beside the original files.

        410 when the index no longer holds the text that the answer quotes.
        """
        pack = service.pack(recorded(path.answer_id).answer)
        response = presenting.sent(asdict(pack))
        response.headers.set("Content-Disposition", "attachment", filename=f"{path.answer_id}.evidence.json")
        return response
