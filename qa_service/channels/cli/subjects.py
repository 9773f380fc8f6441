"""Whose rows a command is about: one of four options."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from qa_service.store.kept import Of, Subject

OPTIONS = (
    click.option("--conversation", metavar="ID", help="One conversation, with its answers."),
    click.option("--owner", metavar="OWNER", help="One owner: key:ID, team:slack/T0123, anonymous: for all."),
    click.option("--answer", metavar="ID", help="One recorded answer, wherever it was given."),
    click.option("--all", "everything", is_flag=True, help="Everything that was recorded."),
)


def of_somebody(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the Subject that exactly one of these options names."""

    @wraps(command)
    def run(
        *args: Any,
        conversation: str | None,
        owner: str | None,
        answer: str | None,
        everything: bool,
        **kwargs: Any,
    ) -> None:
        named = ((Of.CONVERSATION, conversation), (Of.OWNER, owner), (Of.ANSWER, answer))
        found = [Subject(of, name) for of, name in named if name]
        if everything:
            found.append(Subject(Of.ALL))
        if len(found) != 1:
            raise click.UsageError("Name one of --conversation, --owner, --answer and --all.")
        command(*args, found[0], **kwargs)

    for option in reversed(OPTIONS):
        run = option(run)
    return run
