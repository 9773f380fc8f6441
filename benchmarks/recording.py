"""Whether recording answers costs requests/s: two servers, one that records, in interleaved rounds.

`python benchmarks/recording.py` prints one line a kind of load; the ratio is the median over pairs of
neighbouring rounds. About three minutes.
"""

import shutil
import statistics
import tempfile
from pathlib import Path

from answering import REPEATED, corpus, ours, questions, service, started
from http_load import Load, load, requests_of

ROUNDS, SECONDS = 10, 2.0
VARIANTS = 8  # of each question, where all are different


def stores(folder: Path) -> list[str]:
    """Two equal stores."""
    made = []
    for name in ("recording", "plain"):
        made.append(f"sqlite:///{folder / name}.db")
        with service(made[-1]) as one:
            one.prepare()
            one.indexing.ingest(corpus())
    return made


def compared(name: str, bodies: list[dict[str, str]], urls: list[str], **values: str) -> str:
    """Requests/s with and without recording."""
    with (
        started(ours(urls[0], QA_RECORD_ANSWERS="true", **values)) as recording,
        started(ours(urls[1], QA_RECORD_ANSWERS="false", **values)) as plain,
    ):
        requests = requests_of("/api/v1/ask", bodies)
        rounds: dict[object, list[Load]] = {recording: [], plain: []}
        for number in range(ROUNDS + 1):
            order = (recording, plain) if number % 2 else (plain, recording)
            for server in order:
                rounds[server].append(load(server.port, requests, SECONDS))
    here, there = ([one.per_second for one in found[1:]] for found in rounds.values())  # the first warms
    ratio = statistics.median(a / b for a, b in zip(here, there, strict=True))
    failed = sum(one.failures for found in rounds.values() for one in found)
    figures = (
        f"{statistics.median(here):.0f}",
        f"{statistics.median(there):.0f}",
        f"{ratio:.3f}",
        str(failed),
    )
    return f"| {name} | {' | '.join(figures)} |"


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="qa-bench-"))
    once = [{"question": question} for question in questions()]
    varied = [{"question": f"{one['question']} {n}"} for n in range(VARIANTS) for one in once]
    try:
        urls = stores(folder)
        print("| requests/s | recording | not recording | ratio | failed |\n|---|---|---|---|---|")
        print(compared("every question computed", once, urls, QA_REMEMBERED_ANSWERS="0"))
        print(compared("the same, all different", varied, urls, QA_REMEMBERED_ANSWERS="0"))
        print(compared("questions remembered", once[:REPEATED], urls))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
