"""`qa-service backup`: the store as one file, while it is in use."""

from pathlib import Path

import click

from qa_service.channels.cli.session import file_of, with_store
from qa_service.store import backing_up
from qa_service.wiring import Service


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_store
def backup(service: Service, file: Path) -> None:
    """Copy the store to a new FILE, also while it is in use; every row of the copy is checked."""
    made = backing_up.backup(file_of(service), file)
    click.echo(f"backed up to {file}: {made.documents} documents, index version {made.version}")
