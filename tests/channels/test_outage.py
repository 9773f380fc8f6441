"""When the store cannot be read, every channel says so. Nobody is told that there is no answer."""

import json
from collections.abc import Callable, Mapping

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from channels.running import invoke
from qa_service.app import create_app
from qa_service.channels.slack.asking import Asking, Place
from qa_service.channels.slack.bot import Carrying
from qa_service.channels.slack.presenting import Presenting
from qa_service.compose.phrases import Phrases, load_phrases
from qa_service.logs import REQUEST
from qa_service.settings import Settings, load
from qa_service.wiring import Service

ANSWERED = "Who mediated?"
REFUSED = "What is the capital of Peru?"
HOOK = "a-token-of-a-chat"
STREAMS = ("text/event-stream", "application/x-ndjson")
MCP = {"Accept": "application/json, text/event-stream"}


@pytest.fixture
def settings_of_broken(store_url: str) -> Settings:
    return load({"QA_STORE": store_url, "QA_HOOK_TOKENS": HOOK})


@pytest.fixture
def broken(settings_of_broken: Settings) -> FlaskClient:
    """A service whose store was overwritten when it was ready to answer."""
    client = create_app(settings_of_broken).test_client()
    return destroyed(client, settings_of_broken)


def destroyed(client: FlaskClient, settings: Settings) -> FlaskClient:
    for name in ("", "-wal", "-shm"):
        settings.store_path.with_name(f"{settings.store_path.name}{name}").unlink(missing_ok=True)
    settings.store_path.write_bytes(b"no database " * 1000)
    return client


def mcp_call(question: str) -> dict[str, object]:
    params = {"name": "ask", "arguments": {"question": question}}
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}


def counted(client: FlaskClient) -> Mapping[tuple[str, ...], float]:
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


Asked = Callable[[FlaskClient, str], tuple[int, str]]


def sent(method: str, path: str, **values: object) -> Asked:
    """A request as a channel: {question} stands for what is asked."""

    def asked(client: FlaskClient, question: str) -> tuple[int, str]:
        made = json.loads(json.dumps(values).replace("{question}", question))
        response = client.open(path.replace("{question}", question.replace(" ", "+")), method=method, **made)
        return response.status_code, response.text

    return asked


def mcp(client: FlaskClient, question: str) -> tuple[int, str]:
    response = client.post("/mcp", json=mcp_call(question), headers=MCP, base_url="http://localhost")
    result = response.json["result"]
    assert result["isError"], result
    assert "structuredContent" not in result
    return 503, result["content"][0]["text"]


CHANNELS: dict[str, Asked] = {
    "api": sent("POST", "/api/v1/ask", json={"question": "{question}"}),
    "api, explained": sent("POST", "/api/v1/ask?explain=1", json={"question": "{question}"}),
    "api, search": sent("GET", "/api/v1/search?q={question}"),
    "api, divergences": sent("GET", "/api/v1/divergences?a=Norway&b=Sweden"),
    "api, timeline": sent("GET", "/api/v1/timeline"),
    "openai, chat": sent(
        "POST", "/v1/chat/completions", json={"messages": [{"role": "user", "content": "{question}"}]}
    ),
    "openai, chat, streamed": sent(
        "POST",
        "/v1/chat/completions",
        json={"messages": [{"role": "user", "content": "{question}"}], "stream": True},
    ),
    "openai, responses": sent("POST", "/v1/responses", json={"input": "{question}"}),
    "page": sent("GET", "/?q={question}"),
    "frame": sent("GET", "/embed?q={question}"),
    "mcp": mcp,
} | {
    f"api, {kind}": sent("POST", "/api/v1/ask", json={"question": "{question}"}, headers={"Accept": kind})
    for kind in STREAMS
}


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("question", [ANSWERED, REFUSED, "Why did the mediator leave?"])
def test_it_is_told_as_a_fault_of_the_service(broken: FlaskClient, channel: str, question: str) -> None:
    before = counted(broken)

    status, told = CHANNELS[channel](broken, question)

    assert status == 503
    assert "fault of the service" in told.replace("\n", " ") or "cannot be" in told
    for word in ('"refusal"', "not_in_corpus", "off_topic", "near_miss", "do not say this", "Nearest"):
        assert word not in told
    after = counted(broken)
    answers = {name: value for name, value in after.items() if name[0] == "qa_answers_total"}
    assert answers == {name: value for name, value in before.items() if name[0] == "qa_answers_total"}
    assert after["qa_store_up",] == 0
    assert broken.get("/readyz").status_code == 503
    assert broken.get("/healthz").status_code == 200


def test_a_chat_is_told_in_words(broken: FlaskClient, settings_of_broken: Settings) -> None:
    phrases = load_phrases(settings_of_broken.prompts)
    before = counted(broken).get(("qa_outages_total", "hooks"), 0)

    found = broken.post(
        "/hooks/slack-compatible", data={"token": HOOK, "user_id": "u", "channel_id": "c", "text": ANSWERED}
    )

    assert (found.status_code, found.json["text"]) == (200, phrases.outage)
    assert counted(broken)["qa_outages_total", "hooks"] == before + 1


@pytest.fixture
def phrases(settings_of_broken: Settings) -> Phrases:
    return load_phrases(settings_of_broken.prompts)


@pytest.mark.parametrize("thread", [None, "1.1"])
def test_slack_is_told_in_words(
    broken: FlaskClient, settings_of_broken: Settings, phrases: Phrases, thread: str | None
) -> None:
    asking = Asking(Service(settings_of_broken), Presenting(phrases, None))
    before = counted(broken).get(("qa_outages_total", "slack"), 0)

    assert asking.reply(Place("T1", "C1", thread), ANSWERED).text == phrases.outage
    assert counted(broken)["qa_outages_total", "slack"] == before + 1


def test_a_thread_of_slack_knows_the_request_that_it_works_on() -> None:
    """So that every line of the log names it."""
    with Carrying(1) as pool:
        for name in ("one", "two"):
            REQUEST.set(name)
            assert pool.submit(REQUEST.get).result() == name
    REQUEST.set("")


def test_the_command_line_tells_an_outage_from_a_refusal(
    broken: FlaskClient, settings_of_broken: Settings
) -> None:
    done = invoke("ask", ANSWERED, QA_STORE=settings_of_broken.store)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("qa-service: ")
