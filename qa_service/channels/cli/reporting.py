"""Errors that somebody can put right, told in one line."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from qa_service.domain.errors import InputError, QAError

FAILED = 1  # exit code: something was not done


@contextmanager
def reported() -> Iterator[None]:
    """Errors that somebody can put right, as one line on stderr."""
    try:
        yield
    except InputError as error:
        raise click.UsageError(str(error)) from error
    except QAError as error:
        click.echo(f"qa-service: {error}", err=True)
        sys.exit(FAILED)
