"""`qa-service unanswered`: questions that were refused, or whose answer a reader disliked."""

import click

from qa_service.channels import questions
from qa_service.channels.cli import presenting
from qa_service.channels.cli.session import progress, with_store
from qa_service.wiring import Service


@click.command()
@click.option("--jsonl", is_flag=True, help="As rows of a question file.")
@with_store
def unanswered(service: Service, jsonl: bool) -> None:
    """List the questions that were refused, then those whose answer a reader disliked; each once."""
    service.prepare(progress)
    shown = questions.unanswered if jsonl else presenting.unanswered
    listed = shown(*questions.collected(service))
    if listed:
        click.echo(listed)
