"""`qa-service slack`: the manifest of the app, and answers over Socket Mode."""

import json

import click

from qa_service.channels.cli.session import progress, with_service
from qa_service.domain.errors import SettingsError
from qa_service.wiring import Service


@click.group()
def slack() -> None:
    """The Slack app; see docs/channels/slack.md."""


@slack.command()
@click.option("--url", help="Where Slack reaches this service. Default: QA_PUBLIC_URL.")
@click.option("--socket", is_flag=True, help="For Socket Mode, where Slack cannot reach it.")
@with_service
def manifest(service: Service, url: str | None, socket: bool) -> None:
    """Print the manifest that makes the app: paste it at api.slack.com/apps, "From a manifest"."""
    from qa_service.channels.slack.manifest import manifest as made  # noqa: PLC0415 - an extra
    from qa_service.compose.phrases import load_phrases  # noqa: PLC0415

    public = url or service.settings.public_url
    if not socket and not (public or "").startswith("https://"):
        raise SettingsError("Slack calls https addresses only: set QA_PUBLIC_URL or --url, or use --socket.")
    service.prepare(progress)
    phrases = load_phrases(service.settings.prompts)
    shown = made(phrases, service.answering.read(lambda desk: desk.suggestions), None if socket else public)
    click.echo(json.dumps(shown, ensure_ascii=False, indent=2))


@slack.command()
@with_service
def socket(service: Service) -> None:
    """Answer over a connection that goes out to Slack, until interrupted."""
    try:
        from qa_service.channels.slack.socket import serve  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise SettingsError(
            "The Slack channel is an extra: in a clone, pip install -e '.[slack]'."
        ) from error
    service.prepare(progress)
    serve(service)
