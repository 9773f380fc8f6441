"""`qa-service unanswered`: questions that were refused, or whose answer a reader disliked."""

import click

from qa_service.channels.cli import presenting, questions
from qa_service.channels.cli.session import progress, with_store
from qa_service.wiring import Service


@click.command()
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
