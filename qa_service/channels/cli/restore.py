"""`qa-service restore`: a backup takes the place of the store, also while it is in use.

It is checked and made ready beside the store first. Killed at any moment, the store is the one before or the
one restored.
"""

from contextlib import closing
from pathlib import Path

import click

from qa_service.channels.cli.session import file_of, progress, with_service
from qa_service.settings import SQLITE, Settings
from qa_service.store import backing_up, erasing, restoring
from qa_service.store.backing_up import Backup
from qa_service.store.workplace import workplace
from qa_service.wiring import Service


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_service
def restore(service: Service, file: Path) -> None:
    """Put a backup in place of the store, in one step; a running service goes over to it."""
    found, aside = put_back(service, file)
    if aside is not None:
        click.echo(f"what could not be read of the store is in {aside}", err=True)
    click.echo(f"restored {file}: {found.documents} documents, index version {service.store.version()}")


def put_back(service: Service, file: Path) -> tuple[Backup, Path | None]:
    """Restore; what the backup says of itself, and where a store is now that could not be read."""
    store = file_of(service)
    store.parent.mkdir(parents=True, exist_ok=True)
    with workplace(store, ".restoring") as folder:
        made = folder / store.name
        found = backing_up.unpacked(file, made)
        erasing.erase_again(made, erasing.marks(store))
        with closing(Service(_beside(service.settings, made))) as ready:
            ready.prepare(progress)
        erasing.erase_again(made, erasing.marks(store))  # what was erased while it was made ready
        restoring.carry_over(made, store)
        aside = restoring.put_in_place(made, store)
    service.prepare(progress)
    return found, aside


def _beside(settings: Settings, store: Path) -> Settings:
    """Settings for a store in the making, whose candidates nobody asks for yet."""
    return settings.model_copy(update={"store": f"{SQLITE}{store}", "candidates": "memory"})
