"""The page /docs: the OpenAPI document for people. It needs no script and nothing from elsewhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template

Schema = Mapping[str, Any]
METHODS = ("get", "post", "delete")
EXAMPLES = {
    "/api/v1/ask": """-H 'Content-Type: application/json' -d '{"question": "What is ISK?"}'""",
    "/api/v1/search": "-G -d q=Taliban",
    "/api/v1/documents": "-H 'Authorization: Bearer qa_…' -F file=@report.pdf",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or a field of an object. ``refers`` names the object that it holds, if any."""

    name: str
    kind: str
    refers: str | None
    required: bool
    told: str


@dataclass(frozen=True, slots=True)
class Operation:
    """A method of a path."""

    anchor: str
    method: str
    path: str
    summary: str
    paragraphs: list[str]
    parameters: list[Field]
    body: str | None
    answers: list[tuple[str, str, str | None]]
    example: str


def page(document: Schema) -> str:
    """The page of an OpenAPI document."""
    tags: dict[str, list[Operation]] = {}
    for tag, operation in operations(document):
        tags.setdefault(tag, []).append(operation)
    schemas = document["components"]["schemas"]
    objects = {_short(name): _fields(one) for name, one in schemas.items()}
    told = {_short(name): one.get("description", "") for name, one in schemas.items()}
    return render_template("reference.html", info=document["info"], tags=tags, objects=objects, told=told)


def operations(document: Schema) -> Iterator[tuple[str, Operation]]:
    """Every operation with the name of its group, in the order of the document."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield item[method]["tags"][0], _operation(path, method, item[method])


def _operation(path: str, method: str, found: Schema) -> Operation:
    content = found.get("requestBody", {}).get("content", {})
    return Operation(
        anchor=found["operationId"],
        method=method.upper(),
        path=path,
        summary=found["summary"],
        paragraphs=found["description"].split("<br/><br/>"),
        parameters=[
            _field(one["name"], one["schema"] | one, one.get("required", False))
            for one in found.get("parameters", [])
        ],
        body=next((_refers(one["schema"]) for one in content.values()), None),
        answers=[_answer(status, one) for status, one in sorted(found["responses"].items())],
        example=_example(path, method),
    )


def _answer(status: str, found: Schema) -> tuple[str, str, str | None]:
    content = found.get("content", {})
    refers = next((_refers(one["schema"]) for one in content.values()), None)
    return status, ", ".join(content) or found["description"], refers


def _example(path: str, method: str) -> str:
    verb = "" if method == "get" else f"-X {method.upper()} "
    more = EXAMPLES.get(path, "") if method == "post" or path.endswith("search") else ""
    return f"curl {'' if more else verb}http://127.0.0.1:8000{path} {more}".strip()


def _fields(schema: Schema) -> list[Field]:
    required = schema.get("required", ())
    return [_field(name, one, name in required) for name, one in schema.get("properties", {}).items()]


def _field(name: str, schema: Schema, required: bool) -> Field:
    return Field(
        name, _kind(schema), _refers(schema), required, schema.get("description", "").replace("<br/>", " ")
    )


def _refers(schema: Schema) -> str | None:
    """The object that a schema is, or holds."""
    if "$ref" in schema:
        return _short(schema["$ref"].rsplit("/", 1)[1])
    inner = [*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())]
    return next((found for one in inner if (found := _refers(one))), None)


def _kind(schema: Schema) -> str:
    """A type as a reader says it."""
    if "$ref" in schema:
        return _short(schema["$ref"].rsplit("/", 1)[1])
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return " | ".join(map(str, schema.get("enum", [schema.get("const")])))
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    return str(schema.get("type", "object"))


def _short(name: str) -> str:
    return name.removesuffix("Model")
