"""`qa-service eval`: a file of questions with known answers, and how many pass."""

from contextlib import closing
from pathlib import Path

import click

from qa_service.channels import questions
from qa_service.channels.cli import evaluating
from qa_service.channels.cli.session import progress, with_service
from qa_service.wiring import Service


@click.command("eval")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--failures", is_flag=True, help="Tell what is wrong with each question that fails.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome of each question as JSON.")
@click.option("--no-evidence", is_flag=True, help="For a store that tells the same in other words.")
@click.option(
    "--files",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the files that the questions name; each document gets a store of its own.",
)
@click.option("--together", is_flag=True, help="With --files: all documents in one store.")
@with_service
def eval(service: Service, /, file: Path, files: Path | None, together: bool, **shown: bool) -> None:
    """Put the questions of FILE (JSON lines, see docs/evaluation.md) to the store and count what passes."""
    rows = questions.read(file)
    evidence = not shown.pop("no_evidence")
    if files is not None:
        found = evaluating.by_document(service.settings, rows, files, together=together)
    else:
        service.prepare(progress)
        with closing(Service(evaluating.unrecorded(service.settings))) as asked:
            found = evaluating.outcomes(asked, rows, evidence=evidence)
    click.echo(evaluating.shown(found, **shown))
