"""`qa-service ingest`: files and folders into the store."""

import sys
from pathlib import Path

import click

from qa_service.channels.cli import presenting
from qa_service.channels.cli.reporting import FAILED
from qa_service.channels.cli.session import progress, with_service
from qa_service.wiring import Service


@click.command()
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
