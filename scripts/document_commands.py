"""Write docs/commands.md from the command line itself: `python scripts/document_commands.py`."""

from collections.abc import Iterator
from pathlib import Path

import click

from qa_service.channels.cli.commands import main

PAGE = Path(__file__).resolve().parents[1] / "docs" / "commands.md"
OPENING = """# Command line

Written by `python scripts/document_commands.py` from the commands; a test keeps it up to date.

Answers and listings go to stdout, progress and complaints to stderr. Exit codes: 0 done, 1 something was not
done (a file rejected, a citation invalid, a setting wrong, the store unusable), 2 usage, 3 the question was
refused.
`QA_STORE` names the store; see [settings.md](settings.md).

| command | what it does |
|---|---|"""


def rendered() -> str:
    """The whole page."""
    rows = [
        f"| {shown} | {what} |"
        for shown, what in _rows(main, click.Context(main, info_name="qa-service", **main.context_settings))
    ]
    return "\n".join([OPENING, *rows, ""])


def _rows(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None  # noqa: S101 - it was listed
            yield from _rows(found, click.Context(found, parent=context, info_name=name))
        return
    arguments = [one.make_metavar(context) for one in command.params if isinstance(one, click.Argument)]
    yield f"`{' '.join([context.command_path, *arguments])}`", command.help or ""
    for option in command.params:
        if isinstance(option, click.Option):
            names = " ".join([", ".join(option.opts), *_value(option, context)])
            yield f"&emsp;`{names}`", option.help or ""


def _value(option: click.Option, context: click.Context) -> list[str]:
    return [] if option.is_flag else [option.make_metavar(context).replace(" RANGE", "")]


if __name__ == "__main__":
    PAGE.write_text(rendered(), encoding="utf-8")
