"""The command `serve`: gunicorn with the shipped configuration, in this process."""

import gc
import os
import shutil
import socket
import sys
from pathlib import Path

import click

from qa_service.channels.cli.reporting import reported


@click.command()
@click.option("--host", default=None, help="Address to listen on. Default: 127.0.0.1; with PORT set: all.")
@click.option("--port", default=None, type=click.IntRange(1, 65535), help="Port. Default: PORT, else 8000.")
def serve(host: str | None, port: int | None) -> None:
    """Serve over HTTP: gunicorn with the shipped configuration, on systemd's socket where it holds one."""
    _count("WEB_CONCURRENCY", "2", "a number of workers")
    bind = () if os.environ.get("LISTEN_FDS") else ("--bind", _address(host, port))
    gc.disable()  # nothing that a start makes is garbage; gunicorn.conf.py puts it back
    from gunicorn.app import wsgiapp  # noqa: PLC0415

    from qa_service.settings import HOME  # noqa: PLC0415

    gunicorn = shutil.which("gunicorn", path=str(Path(sys.executable).parent)) or "gunicorn"
    arguments = ["--config", str(HOME / "gunicorn.conf.py"), *bind, "qa_service.app:create_app()"]
    sys.argv = [gunicorn, *arguments]  # gunicorn reads them again on SIGHUP and SIGUSR2
    with reported():
        wsgiapp.run()  # in this process, where the application is made before the workers are forked


def _address(host: str | None, port: int | None) -> str:
    """Where to listen, as gunicorn is told. Raises ClickException when it is taken."""
    platform_port = os.environ.get("PORT")
    address = host or ("0.0.0.0" if platform_port and port is None else "127.0.0.1")  # noqa: S104 - as platforms ask
    listening = port or _count("PORT", "8000", "a port")
    _free(address, listening)
    return f"[{address}]:{listening}" if ":" in address else f"{address}:{listening}"


def _count(name: str, default: str, what: str) -> int:
    """A platform's number, which has to be one above nought."""
    value = os.environ.get(name, default)
    if not value.isdecimal() or int(value) < 1:
        raise click.ClickException(f"{name}: {value!r} is not {what}.")
    return int(value)


def _free(address: str, port: int) -> None:
    """Say at once that the address is taken; gunicorn would try for seconds."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise click.ClickException(
                f"Cannot listen on {address} port {port}: {error.strerror}. Name another with --port or PORT."
            ) from error
