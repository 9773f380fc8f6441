"""The commands `qa-service keys`: API keys are made, listed and revoked."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

import click

from qa_service.channels.cli.session import progress, with_service, with_store
from qa_service.domain.principal import ApiKey, Scope
from qa_service.wiring import Service


def listed(keys: Sequence[ApiKey], *, as_json: bool) -> str:
    """A line a key: id, scopes, when made, last used and revoked (UTC), name."""
    if as_json:
        return json.dumps([_plain(one) for one in keys], ensure_ascii=False, indent=2)
    return "\n".join(_line(one) for one in keys)


def _plain(key: ApiKey) -> dict[str, object]:
    times = {name: _time(getattr(key, name)) for name in ("created", "used", "revoked")}
    return asdict(key) | {"scopes": sorted(key.scopes)} | times


def _line(key: ApiKey) -> str:
    times = [f"{name} {_time(getattr(key, name)) or '–'}" for name in ("created", "used", "revoked")]
    return "\t".join([key.id, ",".join(sorted(key.scopes)), *times, key.name])


def _time(seconds: int | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%MZ")


@click.group()
def keys() -> None:
    """API keys of the store."""


@keys.command("create")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([one.value for one in Scope]),
    default=[Scope.ASK.value],
    show_default=True,
    help="What the key allows; repeatable. admin allows everything.",
)
@with_service
def create_key(service: Service, name: str, scopes: tuple[str, ...]) -> None:
    """Make a key for NAME and print it: it is told this once and kept as a hash."""
    service.prepare(progress)
    made, text = service.keys.create(name, frozenset(map(Scope, scopes)))
    click.echo(text)
    click.echo(f"key {made.id} ({', '.join(sorted(made.scopes))}); it cannot be shown again", err=True)


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@with_store
def list_keys(service: Service, as_json: bool) -> None:
    """List every key that was ever made, the oldest first."""
    lines = listed(service.keys.all(), as_json=as_json)
    if lines:
        click.echo(lines)


@keys.command("revoke")
@click.argument("key_id")
@with_store
def revoke_key(service: Service, key_id: str) -> None:
    """Make the key of that id worth nothing, from the next request on."""
    service.keys.revoke(key_id)
    click.echo(f"revoked {key_id}")
