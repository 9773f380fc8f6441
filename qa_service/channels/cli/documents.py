"""`qa-service documents`: what is in the store."""

import click

from qa_service.channels.cli import presenting
from qa_service.channels.cli.session import progress, with_store
from qa_service.wiring import Service


@click.group()
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
    found = service.answering.desk.edition.proved(document_id)
    click.echo(presenting.documents_json([found]) if as_json else presenting.document(found))


@documents.command("remove")
@click.argument("document_id")
@with_store
def remove_document(service: Service, document_id: str) -> None:
    """Take a document out of the store."""
    service.prepare(progress)
    version = service.indexing.remove(document_id)
    click.echo(f"removed {document_id}; index version {version}")
