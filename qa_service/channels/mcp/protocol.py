"""The tools as a server of the Model Context Protocol. Imports the extra: import this when it is used."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any

from mcp.server import Server, ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)
from pydantic import BaseModel, TypeAdapter, ValidationError

from qa_service.channels import counts
from qa_service.channels.mcp.models import AskArguments, FetchArguments, Fetched, Results, SearchArguments
from qa_service.channels.mcp.tools import Tools
from qa_service.domain.answer import Answer
from qa_service.domain.errors import InputError, QAError

log = logging.getLogger(__name__)
INSTRUCTIONS = (
    "Answers about a fixed set of documents. `ask` gives verbatim quotes with their sources, or refuses and "
    "says why: cite what it quotes, add nothing to it. `search` finds passages, `fetch` reads one, or a "
    "whole document."
)
OUTAGE = "The documents cannot be read now. This is a fault of the service, not an answer."
VERSION = version("qa-service")
READS = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


@dataclass(frozen=True, slots=True)
class Offer:
    """One tool: what it takes, what it gives, and the text beside the structured result (None: its JSON)."""

    title: str
    description: str
    takes: type[BaseModel]
    gives: TypeAdapter[Any]
    run: Callable[[Tools, Any], object]
    text: Callable[[Tools, Any], str] | None = None


@cache
def offers() -> dict[str, Offer]:
    """The tools by name; `search` and `fetch` have the form that ChatGPT and others expect of them."""
    return {
        "search": Offer(
            "Search passages",
            "Find passages of the documents that hold words of the query, best first.",
            SearchArguments,
            TypeAdapter(Results),
            Tools.search,
        ),
        "fetch": Offer(
            "Read a passage or document",
            "The canonical text of a passage (an id of search) or of a whole document.",
            FetchArguments,
            TypeAdapter(Fetched),
            Tools.fetch,
        ),
        "ask": Offer(
            "Ask a question",
            "Answer a question with verbatim quotes, each with its source and offsets, or refuse and say "
            "why: positions, comparisons of two actors, timelines, facts, definitions, reasons, summaries.",
            AskArguments,
            TypeAdapter(Answer),
            Tools.ask,
            Tools.told,
        ),
    }


def server_of(tools: Tools) -> "Server[dict[str, Any]]":
    """A server that offers these tools. It keeps no session, so making one costs next to nothing."""

    async def list_tools(
        context: ServerRequestContext[Any], params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        return ListToolsResult(tools=[_described(name, offer) for name, offer in offers().items()])

    async def call_tool(context: ServerRequestContext[Any], params: CallToolRequestParams) -> CallToolResult:
        offer = offers().get(params.name)
        if offer is None:
            raise MCPError(code=INVALID_PARAMS, message=f"The tools are {', '.join(offers())}.")
        return _called(tools, offer, params.arguments or {})

    return Server(
        "qa-service",
        version=VERSION,
        title="Answers with their sources",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _described(name: str, offer: Offer) -> Tool:
    return Tool(
        name=name,
        title=offer.title,
        description=offer.description,
        input_schema=offer.takes.model_json_schema(),
        output_schema=offer.gives.json_schema(mode="serialization"),
        annotations=READS,
    )


def _called(tools: Tools, offer: Offer, arguments: dict[str, Any]) -> CallToolResult:
    """The result, or an error that the model is told, so that it can ask again."""
    try:
        given = offer.run(tools, offer.takes.model_validate(arguments))
    except ValidationError as error:
        return _failed("; ".join(_problem(one) for one in error.errors()))
    except InputError as error:
        return _failed(str(error))
    except QAError as error:
        log.error("tool failed: %s", error)
        counts.failed("mcp")
        return _failed(OUTAGE)
    structured = offer.gives.dump_python(given, mode="json")
    text = offer.text(tools, given) if offer.text else json.dumps(structured, ensure_ascii=False)
    return CallToolResult(content=[TextContent(text=text)], structured_content=structured)


def _problem(error: Any) -> str:
    return f"{'.'.join(map(str, error['loc']))}: {error['msg']}"


def _failed(told: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=told)], is_error=True)
