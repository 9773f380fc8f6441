"""Evidence packs as files: written beside an answer, read back, checked without a store."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from qa_service.channels.cli import presenting
from qa_service.domain.answer import Answer
from qa_service.domain.errors import InputError
from qa_service.domain.pack import FORMAT, Pack
from qa_service.wiring import Service

if TYPE_CHECKING:
    from qa_service.ingest import Limits
    from qa_service.inspecting import Inspected


def write(service: Service, answer: Answer, file: Path) -> None:
    """The evidence pack of an answer, as a file. Raises InputError when it cannot be written."""
    pack = service.pack(json.loads(presenting.answer_json(answer)))
    try:
        file.write_text(json.dumps(asdict(pack), ensure_ascii=False, indent=2) + "\n", "utf-8")
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}") from error


def read(file: Path) -> Pack:
    """The pack of a file. Raises InputError when it is none."""
    try:
        pack = TypeAdapter(Pack).validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        told = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise InputError(f"{file} is not an evidence pack: {told}") from error
    if pack.format != FORMAT:
        raise InputError(f"{file} is an evidence pack of another format than {FORMAT!r}.")
    return pack


def check(pack: Path, originals: Sequence[Path], limits: "Limits") -> "tuple[Inspected, ...]":
    """The verdicts on a pack. Raises InputError when the file is none or no original is named."""
    if not originals:
        raise InputError("Name the original files after the pack.")
    from qa_service.inspecting import inspect  # noqa: PLC0415 - no other command reads files

    return inspect(read(pack), originals, limits)


def verdicts(found: "Sequence[Inspected]", *, as_json: bool) -> str:
    """A line a verdict."""
    if as_json:
        valid = all(one.problem is None for one in found)
        return json.dumps(
            {"valid": valid, "verdicts": [asdict(one) for one in found]}, ensure_ascii=False, indent=2
        )
    return "\n".join(f"{one.what} {one.name}: {one.problem or 'valid'}" for one in found)
