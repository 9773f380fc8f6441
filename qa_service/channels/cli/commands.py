"""The command line `qa-service`: ingest, ask, serve, verify, documents, keys, eval,
unanswered, mcp, slack, widget.

Answers and listings go to stdout, progress and complaints to stderr. Exit codes: 0 done, 1 something was
not done (a file rejected, a citation invalid, the store unusable), 2 usage, 3 the question was refused.
"""

import json
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from qa_service.channels.cli import evaluating, explaining, packs, presenting, questions
from qa_service.channels.cli.keys import keys
from qa_service.channels.cli.mcp import mcp
from qa_service.channels.cli.serving import serve
from qa_service.channels.cli.session import FAILED, progress, with_service, with_store
from qa_service.channels.cli.slack import slack
from qa_service.channels.cli.widget import widget
from qa_service.domain.errors import InputError
from qa_service.domain.question import Message
from qa_service.verify import Claimed, check, tells_its_quotes
from qa_service.wiring import Service

REFUSED = 3
CLAIMED = {"number": int, "document_id": str, "quote": str, "start": int, "end": int}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="qa-service")
def main() -> None:
    """Cited, reproducible answers over policy commentary. QA_STORE names the store."""


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print what became of each file as JSON.")
@with_service
def ingest(service: Service, paths: tuple[Path, ...], as_json: bool) -> None:
    """Take files and folders (.txt .md .html .pdf .docx .jsonl) into the store."""
    service.prepare(progress)
    report = service.indexing.ingest(paths, progress=progress)
    click.echo(presenting.report_json(report) if as_json else presenting.report(report))
    for rejected in report.rejected:
        click.echo(f"rejected {rejected.name}: {rejected.reason}", err=True)
    if report.rejected:
        sys.exit(FAILED)


@main.command()
@click.argument("question")
@click.option("--json", "as_json", is_flag=True, help="Print the answer object.")
@click.option("--history", multiple=True, help="An earlier question; repeat, oldest first.")
@click.option("--document", "documents", multiple=True, help="Answer from this document only; repeatable.")
@click.option("--explain", is_flag=True, help="Tell why the answer is what it is.")
@click.option(
    "--pack", type=click.Path(dir_okay=False, path_type=Path), help="Write the evidence to this file."
)
@with_store
def ask(
    service: Service, /, question: str, as_json: bool, explain: bool, pack: Path | None, **asked: Any
) -> None:
    """Answer QUESTION with quotes, or refuse and say why (exit code 3)."""
    message = _message(service, question, **asked)
    answer = service.answering.answer(message)
    if pack is not None:
        packs.write(service, answer, pack)
    if explain:
        click.echo(explaining.shown(*service.answering.explained(message), as_json=as_json))
    else:
        click.echo(presenting.answer_json(answer) if as_json else presenting.answer(answer))
    if not answer.answered:
        sys.exit(REFUSED)


def _message(
    service: Service, question: str, history: tuple[str, ...], documents: tuple[str, ...]
) -> Message:
    """A Message within the limits of the settings, put to a store that is ready."""
    for text in (question, *history):
        _asked(service, text)
    service.prepare(progress)
    for document_id in documents:
        service.answering.desk.edition.document(document_id)
    return Message(text=question, history=history, documents=documents)


def _asked(service: Service, question: str) -> None:
    longest = service.settings.question_characters
    if not question.strip():
        raise InputError("The question is empty.")
    if len(question) > longest:
        raise InputError(f"The question is longer than {longest} characters.")
    if any("\ud800" <= c <= "\udfff" for c in question):
        raise InputError("The question is not valid UTF-8.")


@main.command()
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


@main.command("eval")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--failures", is_flag=True, help="Tell what is wrong with each question that fails.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome of each question as JSON.")
@click.option("--no-evidence", is_flag=True, help="For a store that tells the same in other words.")
@click.option(
    "--files",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the files that the questions name; each document gets a store of its own.",
)
@click.option("--together", is_flag=True, help="With --files: all documents in one store.")
@with_service
def evaluate(service: Service, /, file: Path, files: Path | None, together: bool, **shown: bool) -> None:
    """Put the questions of FILE (JSON lines, see docs/evaluation.md) to the store and count what passes."""
    rows = questions.read(file)
    evidence = not shown.pop("no_evidence")
    if files is not None:
        found = evaluating.by_document(service.settings, rows, files, together=together)
    else:
        service.prepare(progress)
        with closing(Service(evaluating.unrecorded(service.settings))) as asked:
            found = evaluating.outcomes(asked, rows, evidence=evidence)
    click.echo(evaluating.shown(found, **shown))


@main.command()
@click.option("--jsonl", is_flag=True, help="As rows of a question file.")
@with_store
def unanswered(service: Service, jsonl: bool) -> None:
    """List the questions that were refused, then those whose answer a reader disliked; each once."""
    service.prepare(progress)
    refused = service.recording.refused()
    against = service.opinions.against()
    judged = service.recording.among(one.answer_id for one in against)
    disliked = [(judged[one.answer_id], one.comment) for one in against if one.answer_id in judged]
    shown = questions.unanswered if jsonl else presenting.unanswered
    listed = shown(refused, disliked)
    if listed:
        click.echo(listed)


@main.group()
def documents() -> None:
    """What is in the store."""


@documents.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@with_store
def list_documents(service: Service, as_json: bool) -> None:
    """List the documents, in the order of their ids."""
    service.prepare(progress)
    edition = service.answering.desk.edition
    found = tuple(edition.documents.values())
    click.echo(presenting.documents_json(found) if as_json else presenting.documents(found))


@documents.command("show")
@click.argument("document_id")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON, without the text.")
@with_store
def show_document(service: Service, document_id: str, as_json: bool) -> None:
    """Show a document: what is known of it, and its canonical text."""
    service.prepare(progress)
    found = service.answering.desk.edition.document(document_id)
    click.echo(presenting.documents_json([found]) if as_json else presenting.document(found))


@documents.command("remove")
@click.argument("document_id")
@with_store
def remove_document(service: Service, document_id: str) -> None:
    """Take a document out of the store."""
    service.prepare(progress)
    version = service.indexing.remove(document_id)
    click.echo(f"removed {document_id}; index version {version}")


main.add_command(keys)
main.add_command(mcp)
main.add_command(serve)
main.add_command(slack)
main.add_command(widget)
