"""The official openai client over real gunicorn: models, completions and responses, streamed or whole."""

import re
from collections.abc import Callable

import openai as library
import pytest
from openai import OpenAI

from channels.conftest import QUESTIONS
from channels.openai.asking import MODEL, client_of
from channels.running import invoke, serving
from qa_service.compose.links import source_link
from qa_service.domain.answer import Answer

MARK = re.compile(r"\[(\d+)\]")
Ask = Callable[..., Answer]


def test_the_model_is_listed(openai: OpenAI) -> None:
    assert [model.id for model in openai.models.list()] == [MODEL]
    assert openai.models.retrieve(MODEL).object == "model"


def test_a_completion_is_the_answer_with_its_sources(
    openai: OpenAI, ask: Ask, question_of_kind: tuple[str, str]
) -> None:
    _, question = question_of_kind
    answer = ask(question)

    done = openai.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": question}])

    (choice,) = done.choices
    text = choice.message.content
    assert text is not None
    assert text.startswith(answer.text)
    assert choice.finish_reason == "stop"
    assert done.system_fingerprint == answer.index_version
    assert done.usage is not None
    assert done.usage.total_tokens == len(question.split()) + len(text.split())
    assert ("**Sources**" in text) is bool(answer.citations)
    for citation in answer.citations:
        assert re.search(rf"^{citation.number}\. \[{re.escape(citation.title)}\]\(http", text, re.MULTILINE)
    for nearest in answer.refusal.nearest if answer.refusal else ():
        assert nearest.quote in text


def test_annotations_stand_where_they_say(openai: OpenAI, ask: Ask) -> None:
    answer = ask(QUESTIONS["divergence"])
    done = openai.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": QUESTIONS["divergence"]}]
    )

    message = done.choices[0].message
    assert message.content and message.annotations
    found = []
    for annotation in message.annotations:
        cited = annotation.url_citation
        (number,) = MARK.findall(message.content[cited.start_index : cited.end_index])
        citation = answer.citations[int(number) - 1]
        assert (cited.title, cited.model_extra) == (citation.title, {"content": citation.quote})
        assert cited.url == source_link(citation, str(openai.base_url))
        found.append(int(number))
    assert set(found) == {citation.number for citation in answer.citations}
    assert found == [int(number) for number in MARK.findall(answer.text)]


def test_a_streamed_completion_is_the_whole_one(openai: OpenAI, question_of_kind: tuple[str, str]) -> None:
    messages = [{"role": "user", "content": question_of_kind[1]}]
    whole = openai.chat.completions.create(model=MODEL, messages=messages)  # type: ignore[call-overload]

    stream = openai.chat.completions.create(  # type: ignore[call-overload]
        model=MODEL, messages=messages, stream=True, stream_options={"include_usage": True}
    )
    *chunks, last = list(stream)

    assert {chunk.id for chunk in (*chunks, last)} == {whole.id}
    deltas = [chunk.choices[0].delta for chunk in chunks]
    assert deltas[0].role == "assistant"
    assert "".join(delta.content or "" for delta in deltas) == whole.choices[0].message.content
    annotated = [one for delta in deltas for one in (delta.model_extra or {}).get("annotations", [])]
    assert annotated == [one.model_dump() for one in whole.choices[0].message.annotations]
    assert [chunk.choices[0].finish_reason for chunk in chunks][-1] == "stop"
    assert (last.choices, last.usage) == ([], whole.usage)


def test_a_stream_without_usage_has_none(openai: OpenAI) -> None:
    messages = [{"role": "user", "content": "Who mediated?"}]
    stream = openai.chat.completions.create(model=MODEL, messages=messages, stream=True)  # type: ignore[call-overload]

    assert all(chunk.usage is None and chunk.choices for chunk in stream)


def test_a_response_is_the_answer_with_its_sources(openai: OpenAI, ask: Ask) -> None:
    answer = ask(QUESTIONS["timeline"])

    done = openai.responses.create(model=MODEL, input=QUESTIONS["timeline"])

    assert done.status == "completed"
    assert done.output_text.startswith(answer.text)
    (part,) = done.output[0].content  # type: ignore[union-attr]
    quotes = [one.model_extra["content"] for one in part.annotations]  # type: ignore[union-attr, index]
    assert quotes == [answer.citations[int(n) - 1].quote for n in MARK.findall(answer.text)]
    for one in part.annotations:  # type: ignore[union-attr]
        assert MARK.fullmatch(done.output_text[one.start_index : one.end_index])  # type: ignore[union-attr]


def test_a_streamed_response_is_the_whole_one(openai: OpenAI) -> None:
    whole = openai.responses.create(model=MODEL, input=QUESTIONS["fact"])

    with openai.responses.stream(model=MODEL, input=QUESTIONS["fact"]) as stream:
        kinds = [event.type for event in stream]
        final = stream.get_final_response()

    assert final.output_text == whole.output_text
    assert final.output[0].model_dump()["content"][0]["annotations"]
    assert list(dict.fromkeys(kinds)) == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.annotation.added",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]


def test_what_was_asked_before_is_the_history(openai: OpenAI, ask: Ask) -> None:
    said = [
        {"role": "system", "content": "You are a pirate."},
        {"role": "user", "content": "What does Norway think of the dam?"},
        {"role": "assistant", "content": "Sweden, Sweden, Sweden."},
        {"role": "user", "content": [{"type": "text", "text": "And Sweden?"}]},
    ]
    expected = ask("And Sweden?", history=("What does Norway think of the dam?",))
    assert expected.answered

    chat = openai.chat.completions.create(model=MODEL, messages=said)  # type: ignore[call-overload]
    response = openai.responses.create(model=MODEL, input=said, instructions="Be brief.")  # type: ignore[arg-type]

    assert chat.choices[0].message.content.startswith(expected.text)
    assert response.output_text.startswith(expected.text)


def test_a_response_follows_the_one_before(store_url: str, ask: Ask) -> None:
    expected = ask("And Sweden?", history=("What does Norway think of the dam?",))
    with serving(QA_STORE=store_url) as server, client_of(server) as client:
        first = client.responses.create(model=MODEL, input="What does Norway think of the dam?")
        second = client.responses.create(
            model=MODEL, input="And Sweden?", previous_response_id=first.id, stream=False
        )

    assert first.store is True
    assert second.previous_response_id == first.id
    assert second.output_text.startswith(expected.text)


def test_parameters_of_models_are_accepted_and_ignored(openai: OpenAI) -> None:
    messages = [{"role": "user", "content": "Who mediated?"}]
    plain = openai.chat.completions.create(model=MODEL, messages=messages)  # type: ignore[call-overload]
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}

    laden = openai.chat.completions.create(  # type: ignore[call-overload]
        model=MODEL,
        messages=messages,
        temperature=1.7,
        n=3,
        max_tokens=1,
        stop=["."],
        seed=7,
        tools=[tool],
        tool_choice="required",
        response_format={"type": "json_object"},
        user="somebody",
        extra_body={"made_up": {"by": "a client"}},
    )

    assert (laden.id, laden.choices) == (plain.id, plain.choices)


@pytest.mark.parametrize(
    ("error", "asked"),
    [
        (library.BadRequestError, {"model": MODEL, "messages": []}),
        (library.BadRequestError, {"model": MODEL, "messages": [{"role": "system", "content": "Hello"}]}),
        (library.BadRequestError, {"model": MODEL, "messages": [{"role": "user", "content": "x" * 2001}]}),
    ],
)
def test_errors_are_those_of_the_client(
    openai: OpenAI, error: type[library.APIStatusError], asked: dict[str, object]
) -> None:
    with pytest.raises(error) as caught:
        openai.chat.completions.create(**asked)  # type: ignore[call-overload]

    body = caught.value.body
    assert isinstance(body, dict)
    assert body["message"]
    assert body["type"] == "invalid_request_error"
    assert caught.value.param == "messages"


def test_keys_and_limits_are_those_of_the_service(store_url: str) -> None:
    key = invoke("keys", "create", "chat", "--scope", "ask", QA_STORE=store_url).stdout.strip()
    values = {"QA_ANONYMOUS_PER_MINUTE": "1", "QA_LIMIT_LOOPBACK": "true"}
    with serving(QA_STORE=store_url, **values) as server, client_of(server) as anybody:
        asked = {"model": MODEL, "input": "Who mediated?"}
        with pytest.raises(library.AuthenticationError) as unknown:
            anybody.with_options(api_key=key[:-1]).responses.create(**asked)  # type: ignore[call-overload]
        with pytest.raises(library.RateLimitError) as often:
            for _ in range(20):
                anybody.responses.create(**asked)  # type: ignore[call-overload]
        known = anybody.with_options(api_key=key).responses.create(**asked)  # type: ignore[call-overload]

    assert unknown.value.code == "invalid_api_key"
    assert (often.value.code, often.value.type) == ("rate_limit_exceeded", "rate_limit_error")
    assert int(often.value.response.headers["Retry-After"]) > 0
    assert known.output_text


def test_another_model_is_not_there_but_its_name_does_no_harm(openai: OpenAI) -> None:
    with pytest.raises(library.NotFoundError) as caught:
        openai.models.retrieve("gpt-9")
    done = openai.chat.completions.create(model="gpt-9", messages=[{"role": "user", "content": "Hello"}])

    assert caught.value.code == "model_not_found"
    assert done.model == MODEL


def test_a_response_that_is_not_kept_is_told(openai: OpenAI) -> None:
    with pytest.raises(library.BadRequestError) as caught:
        openai.responses.create(model=MODEL, input="And Sweden?", previous_response_id="resp_none")

    assert caught.value.code == "previous_response_not_found"
