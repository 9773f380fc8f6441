"""The command line `qa-service`: a module a command, imported when its command is run.

Answers and listings go to stdout, progress and complaints to stderr. Exit codes: 0 done, 1 something was
not done (a file rejected, a citation invalid, the store unusable), 2 usage, 3 the question was refused.
"""

from importlib import import_module

import click

NAMES = (
    "ask",
    "backup",
    "documents",
    "erase",
    "eval",
    "export",
    "ingest",
    "keys",
    "mcp",
    "restore",
    "serve",
    "slack",
    "unanswered",
    "verify",
    "widget",
)


class Commands(click.Group):
    """The commands by name; each module holds a command of its own name."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """All of them, in the order of the alphabet."""
        return list(NAMES)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name; None when there is none."""
        if name not in NAMES:
            return None
        found: click.Command = getattr(import_module(f"qa_service.channels.cli.{name}"), name)
        return found


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="qa-service")
def main() -> None:
    """Cited, reproducible answers over policy commentary. QA_STORE names the store."""
