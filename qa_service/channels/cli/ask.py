"""`qa-service ask`: a question, and its answer with quotes."""

import sys
from pathlib import Path
from typing import Any

import click

from qa_service.channels.cli import explaining, packs, presenting
from qa_service.channels.cli.session import progress, with_store
from qa_service.domain.errors import InputError
from qa_service.domain.question import Message
from qa_service.wiring import Service

REFUSED = 3


@click.command()
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
