"""`qa-service mcp`: the tools of the Model Context Protocol on standard input and output."""

import click

from qa_service.channels.cli.session import progress, with_service
from qa_service.domain.errors import SettingsError
from qa_service.wiring import Service

HERE = "qa-service:"  # opens the links to documents when QA_PUBLIC_URL does not say where they are read


@click.command()
@with_service
def mcp(service: Service) -> None:
    """Serve the Model Context Protocol on stdin and stdout, for programs on this machine."""
    try:
        from qa_service.channels.mcp.stdio import serve  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise SettingsError("The protocol is an extra: in a clone, pip install -e '.[mcp]'.") from error
    service.prepare(progress)
    serve(service, service.settings.public_url or HERE)
