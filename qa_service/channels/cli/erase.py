"""`qa-service erase`: what is kept of somebody goes, to the last byte."""

import sys

import click

from qa_service.channels.cli.reporting import FAILED
from qa_service.channels.cli.session import file_of, with_store
from qa_service.channels.cli.subjects import of_somebody
from qa_service.store import erasing
from qa_service.store.kept import Subject
from qa_service.wiring import Service


@click.command()
@of_somebody
@with_store
def erase(service: Service, /, subject: Subject) -> None:
    """Delete and overwrite what is kept of somebody, while the service runs; a restore keeps it gone."""
    store = file_of(service)
    try:
        click.echo(f"erased: {erasing.erase(store, subject)} rows")
    finally:
        left = erasing.set_aside(store)
        for one in left:
            click.echo(f"not erased: {one}, put aside as damaged, may hold it: delete it", err=True)
    if left:
        sys.exit(FAILED)
