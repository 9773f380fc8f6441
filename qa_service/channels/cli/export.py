"""`qa-service export`: what is kept of somebody, as JSON."""

import json

import click

from qa_service.channels.cli.session import file_of, with_store
from qa_service.channels.cli.subjects import of_somebody
from qa_service.store import kept
from qa_service.store.kept import Subject
from qa_service.wiring import Service


@click.command()
@of_somebody
@with_store
def export(service: Service, /, subject: Subject) -> None:
    """Print what is kept of somebody as JSON: conversations, turns, answers, feedback."""
    found = kept.export(file_of(service), subject)
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))
