"""Put every question set that is there to the service and print one table: `make eval`.

The project's own questions are always there; the others are read from the folder `shared` beside the
checkout. What is not there is said to be skipped.
"""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from qa_service.channels import questions
from qa_service.channels.cli import evaluating
from qa_service.indexing import listed
from qa_service.settings import CHECKOUT, SQLITE, load
from qa_service.wiring import Service

SHARED = CHECKOUT.parent / "shared"
KIT = SHARED / "eval"
SEED = SHARED / "seed" / "growing-russian-involvement-in-afghanistan.txt"
SETS = ("xquad_en", "clapnq_dev", "squad2_halfdev")
SAMPLE = 300
FIGURES = ("S@1", "S@5", "sent@1", "any", "false refusal", "right refusal")
FIGURE = re.compile(r"^  (\S.*?) (\d\.\d+ \[[^\]]*\]|-)", re.MULTILINE)

Outcomes = Sequence[evaluating.Outcome]


def stored(files: Sequence[Path], rows: Path, *, evidence: bool = True) -> Outcomes:
    """The outcomes of a question file on a store that holds these files."""
    with tempfile.TemporaryDirectory() as folder:
        settings = evaluating.unrecorded(load({"QA_STORE": f"{SQLITE}{folder}/store.db"}))
        with closing(Service(settings)) as service:
            service.prepare()
            service.indexing.ingest(files)
            return evaluating.outcomes(service, questions.read(rows), evidence=evidence)


def documents(*, together: bool) -> Outcomes:
    """The outcomes of questions about several documents."""
    rows = questions.read(KIT / "docs_dev.jsonl")
    return evaluating.by_document(load({}), rows, SHARED / "corpora", together=together)


def runs() -> Iterator[tuple[str, Path, Callable[[], Outcomes]]]:
    """The name of each set, a file that it needs, and how it is run."""
    own, seed = CHECKOUT / "tests" / "questions.jsonl", KIT / "seed_dev.jsonl"
    bundled = listed(CHECKOUT / "index" / "sources.toml")
    yield "own questions", own, lambda: stored([CHECKOUT / "tests" / "fixtures" / "commentary.md"], own)
    yield "seed_dev on the seed", SEED, lambda: stored([SEED], seed)
    yield "seed_dev on the bundled corpus", seed, lambda: stored(bundled, seed, evidence=False)
    yield "docs_dev, a store a document", KIT / "docs_dev.jsonl", lambda: documents(together=False)
    yield "docs_dev, all in one store", KIT / "docs_dev.jsonl", lambda: documents(together=True)


def line(name: str, found: Outcomes, seconds: float) -> str:
    """A row of the table."""
    sums = evaluating.totals(found)
    cells = (
        f"{sums.passed}/{sums.asked}",
        f"{sums.answered}/{sums.answerable}",
        f"{sums.refused}/{sums.unanswerable}",
        f"{sums.recall:.3f}",
        str(sums.invalid),
        f"{seconds:.0f}",
    )
    return f"| {name} | {' | '.join(cells)} |"


def public(name: str) -> str:
    """The figures of a public set, through the kit's own script."""
    command = [
        sys.executable,
        str(KIT / "run_public.py"),
        str(KIT / "public" / name),
        "--sample",
        str(SAMPLE),
    ]
    command += ["--command", str(Path(sys.executable).parent / "qa-service")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=CHECKOUT)
    if done.returncode:
        return f"| {name} | failed: {(done.stderr.strip().splitlines() or ['no message'])[-1]} |"
    found = dict(
        re.findall(r"^  (\S.*?) (\d\.\d+ \[[^\]]*\]|-)", done.stdout.replace("    -", "-"), re.MULTILINE)
    )
    return f"| {name} | {' | '.join(found.get(figure, '–') for figure in FIGURES)} |"


def say(*lines: str) -> None:
    """Print at once: the sets take minutes."""
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Both tables, and what was skipped."""
    skipped = []
    say("| set | passed | answerable | refused rightly | evidence recall | invalid citations | s |")
    say("|---|---|---|---|---|---|---|")
    for name, needed, run in runs():
        if not needed.exists():
            skipped.append(name)
            continue
        begun = time.perf_counter()
        say(line(name, run(), time.perf_counter() - begun))
    there = [name for name in SETS if (KIT / "public" / name).is_dir() and (KIT / "run_public.py").exists()]
    skipped += [name for name in SETS if name not in there]
    if there:
        say(
            "",
            f"| public set, {SAMPLE} questions | {' | '.join(FIGURES)} |",
            "|---" * (len(FIGURES) + 1) + "|",
        )
    for name in there:
        say(public(name))
    if skipped:
        say("", f"SKIPPED, since it is not there: {', '.join(skipped)}.")


if __name__ == "__main__":
    main()
