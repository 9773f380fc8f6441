"""`qa-service verify`: every quote of an answer checked, against the store or against the original files."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from qa_service.channels.cli import packs, presenting
from qa_service.channels.cli.reporting import FAILED
from qa_service.channels.cli.session import progress, with_service
from qa_service.domain.errors import InputError
from qa_service.verify import Claimed, check, tells_its_quotes
from qa_service.wiring import Service

CLAIMED = {"number": int, "document_id": str, "quote": str, "start": int, "end": int}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("originals", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the verdicts as JSON.")
@click.option(
    "--offline", is_flag=True, help="FILE is an evidence pack; check it against ORIGINALS, no store."
)
@with_service
def verify(service: Service, file: Path, originals: tuple[Path, ...], as_json: bool, offline: bool) -> None:
    """Check an answer object in FILE against the store: every quote, offset and hash."""
    if offline:
        found = packs.check(file, originals, service.limits)
        click.echo(packs.verdicts(found, as_json=as_json))
        sys.exit(FAILED if any(one.problem for one in found) else 0)
    if originals:
        raise InputError("Original files are checked with --offline only.")
    claims = claims_of(file)
    service.prepare(progress)
    findings = check(claims, service.answering.desk.edition)
    click.echo(presenting.verdicts_json(findings) if as_json else presenting.verdicts(findings))
    told = tells(file)
    if not told:
        click.echo("the answer tells something else than it quotes", err=True)
    if not told or not all(finding.valid for finding in findings):
        sys.exit(FAILED)


def tells(file: Path) -> bool:
    """Whether an answer object's text, statements and short answer stand on its quotes, where it has them."""
    answer = json.loads(file.read_text("utf-8"))
    if not {"text", "statements"} <= answer.keys():
        return True  # citations alone are checked as citations
    try:
        return tells_its_quotes(answer)
    except (KeyError, TypeError, AttributeError):
        return False


def claims_of(file: Path) -> list[Claimed]:
    """The citations of an answer object in a file. Raises InputError when it is none."""
    try:
        citations: list[dict[str, Any]] = json.loads(file.read_text("utf-8"))["citations"]
        return [_claim(one) for one in citations]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{file} is not an answer object: {type(error).__name__}: {error}") from error


def _claim(citation: dict[str, Any]) -> Claimed:
    for field, kind in CLAIMED.items():
        if type(citation[field]) is not kind:
            raise TypeError(f"{field} is not of type {kind.__name__}")
    if citation["start"] < 0 or citation["end"] < 0:
        raise ValueError("start and end count from 0")
    return Claimed(**{field: citation[field] for field in CLAIMED}, sha256=citation.get("sha256"))
