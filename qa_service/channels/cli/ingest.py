"""`qa-service ingest`: files, folders and addresses of the web into the store."""

import sys
from pathlib import Path

import click

from qa_service.channels.cli import presenting
from qa_service.channels.cli.reporting import FAILED
from qa_service.channels.cli.session import progress, with_service
from qa_service.domain.web import is_address
from qa_service.wiring import Service

MOST = 100  # entries of a feed or sitemap


class Shown:
    """Tells on a terminal what is fetched, and always what is not."""

    def fetching(self, address: str, number: int, of: int) -> None:
        """A line an address."""
        if sys.stderr.isatty():
            click.echo(f"fetching {number} of {of}: {address}", err=True)

    def left(self, address: str, taken: int) -> None:
        """What to do to have more."""
        click.echo(
            f"{address} lists more than {taken}: the first {taken} are taken, --limit takes more",
            err=True,
        )


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCES...")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=MOST,
    help=f"Most entries that are taken of each feed or sitemap. Default: {MOST}.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what became of each file as JSON.")
@with_service
def ingest(service: Service, sources: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Take files, folders, pages, feeds and sitemaps (.txt .md .html .pdf .docx .jsonl) into the store."""
    addresses = [one for one in sources if is_address(one)]
    paths = [Path(one) for one in sources if not is_address(one)]
    service.prepare(progress)
    more = service.visiting(Shown(), limit).visit(addresses) if addresses else ()
    report = service.indexing.ingest(paths, more=more, progress=progress)
    click.echo(presenting.report_json(report) if as_json else presenting.report(report))
    for rejected in report.rejected:
        click.echo(f"rejected {rejected.name}: {rejected.reason}", err=True)
    if report.rejected:
        sys.exit(FAILED)
