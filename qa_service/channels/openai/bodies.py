"""What chat clients send, as far as it matters here: every other field and item is accepted and ignored.

That holds for the model too: some clients name one of OpenAI's whatever they are told, and there is one here.
"""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

MODEL = "qa-service"


class Lenient(BaseModel):
    """A part of a request whose other fields do not matter."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)


def _texts(content: Any) -> Any:
    """The text of a content that is a list of parts; images and the like have none."""
    if not isinstance(content, list):
        return content
    parts = [part.get("text") if isinstance(part, dict) else part for part in content]
    return "\n".join(part for part in parts if isinstance(part, str))


class Turn(Lenient):
    """One message of a conversation. What is no message (a tool call, a reference) has no role."""

    role: str | None = None
    content: Annotated[str | None, BeforeValidator(_texts)] = None


class StreamOptions(Lenient):
    """What a stream also carries."""

    include_usage: bool | None = None


class ChatBody(Lenient):
    """The body of POST /v1/chat/completions."""

    messages: list[Turn] = Field(min_length=1)
    stream: bool | None = None
    stream_options: StreamOptions | None = None


class ResponsesBody(Lenient):
    """The body of POST /v1/responses."""

    input: str | list[Turn]
    stream: bool | None = None
    previous_response_id: str | None = None
