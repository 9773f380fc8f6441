"""What a command is given: a service, and a bar while files are read."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import wraps
from pathlib import Path
from time import monotonic
from typing import Concatenate, ParamSpec

import click

from qa_service.channels.cli.reporting import reported
from qa_service.domain.errors import SettingsError, StoreError
from qa_service.settings import load
from qa_service.wiring import Service

P = ParamSpec("P")


Command = Callable[Concatenate[Service, P], None]


def with_service(command: Command[P]) -> Callable[P, None]:
    """Give a command the service of these settings."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with reported(), closing(Service(load())) as service:
            command(service, *args, **kwargs)

    return run


def with_store(command: Command[P]) -> Callable[P, None]:
    """The same for a command that reads: a store that QA_STORE names has to be there."""

    @wraps(command)
    def run(service: Service, /, *args: P.args, **kwargs: P.kwargs) -> None:
        settings = service.settings
        if not settings.bundled and not service.kept.there:
            named = settings.address or settings.store_path
            raise StoreError(
                f"There is no store {named}. Ingest something into it first, "
                "`qa-service ingest PATH`, or name another in QA_STORE."
            )
        command(service, *args, **kwargs)

    return with_service(run)


def file_of(service: Service) -> Path:
    """The file of a store that is one. Raises SettingsError when it is in a cluster."""
    if service.settings.address is not None:
        raise SettingsError(
            "QA_STORE names a cluster, and this command is for a store in a file: a cluster is backed up and "
            "restored with OpenSearch's own snapshots (docs/operations.md)."
        )
    return service.settings.store_path


@contextmanager
def progress(paths: Sequence[Path]) -> Iterator[Callable[[int, int], None]]:
    """Takes how many bytes were read and passages made; on a terminal a bar shows the rate and time left."""
    if not paths or not sys.stderr.isatty():
        yield lambda _bytes, _passages: None
        return
    begun, made = monotonic(), 0

    def rate(_: object) -> str:
        return f"{made:,} passages, {made / max(monotonic() - begun, 0.001):,.0f}/s"

    size = sum(path.stat().st_size for path in paths if path.is_file())
    with click.progressbar(length=size, label="Reading", file=sys.stderr, item_show_func=rate) as bar:

        def step(read: int, passages: int) -> None:
            nonlocal made
            made += passages
            bar.update(read, made)

        yield step
