"""The responses are those of the Open Responses specification, as its own types read them."""

import json

import pytest
from flask.testing import FlaskClient
from openresponses_types import types
from pydantic import BaseModel

from qa_service.app import create_app
from qa_service.settings import Settings

EVENTS: dict[str, type[BaseModel]] = {
    "response.created": types.ResponseCreatedStreamingEvent,
    "response.in_progress": types.ResponseInProgressStreamingEvent,
    "response.output_item.added": types.ResponseOutputItemAddedStreamingEvent,
    "response.content_part.added": types.ResponseContentPartAddedStreamingEvent,
    "response.output_text.delta": types.ResponseOutputTextDeltaStreamingEvent,
    "response.output_text.annotation.added": types.ResponseOutputTextAnnotationAddedStreamingEvent,
    "response.output_text.done": types.ResponseOutputTextDoneStreamingEvent,
    "response.content_part.done": types.ResponseContentPartDoneStreamingEvent,
    "response.output_item.done": types.ResponseOutputItemDoneStreamingEvent,
    "response.completed": types.ResponseCompletedStreamingEvent,
}


@pytest.fixture(scope="module")
def client(settings: Settings) -> FlaskClient:
    return create_app(settings.model_copy(update={"stream_pause_ms": 0})).test_client()


def test_a_whole_response(client: FlaskClient, question_of_kind: tuple[str, str]) -> None:
    body = client.post("/v1/responses", json={"input": question_of_kind[1]}).json

    types.ResponseResource.model_validate(body)


def test_a_stream(client: FlaskClient, question_of_kind: tuple[str, str]) -> None:
    question = question_of_kind[1]
    whole = client.post("/v1/responses", json={"input": question}).json
    response = client.post("/v1/responses", json={"input": question, "stream": True})

    assert response.content_type == "text/event-stream; charset=utf-8"
    assert response.headers["X-Accel-Buffering"] == "no"
    events = [block.split("\n") for block in response.text.strip().split("\n\n")]
    read = []
    for named, data in events:
        value = json.loads(data.removeprefix("data: "))
        assert named == f"event: {value['type']}"
        EVENTS[value["type"]].model_validate(value)
        read.append(value)
    assert [value["sequence_number"] for value in read] == list(range(len(read)))
    assert (
        "".join(value["delta"] for value in read if "delta" in value)
        == (whole["output"][0]["content"][0]["text"])
    )
    moments = {"created_at", "completed_at"}
    assert {k: v for k, v in read[-1]["response"].items() if k not in moments} == {
        k: v for k, v in whole.items() if k not in moments
    }
