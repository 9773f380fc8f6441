"""`qa-service widget`: what to write into a page to put the widget there."""

import click

from qa_service.channels.widget.assembly import tag
from qa_service.domain.errors import SettingsError
from qa_service.settings import load

HERE = "http://127.0.0.1:8000"  # where `make serve` listens


@click.command()
@click.option("--url", help=f"Where browsers reach this service. Default: QA_PUBLIC_URL, else {HERE}.")
@click.option("--inline", is_flag=True, help="For a panel in the page, not a button at its edge.")
def widget(url: str | None, inline: bool) -> None:
    """Print the script tag of the chat widget, with its version and integrity hash."""
    try:
        origin = url or load().public_url or HERE
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    if inline:
        click.echo(f'{tag(origin)}\n<qa-widget mode="inline"></qa-widget>')
    else:
        click.echo(tag(origin, mode="floating"))
