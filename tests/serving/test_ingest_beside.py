"""An ingest beside them does not stop those who ask: it runs in other processes, at lower priority."""

import subprocess
import time
from pathlib import Path

from channels.running import COMMAND, environment

from serving.asking import crowd, percentiles, until
from serving.conftest import Start

DOCUMENTS, SENTENCES = 150, 60
ASKED = 300


def test_nobody_is_refused_while_documents_are_ingested(
    machine: Start, store_address: str, tmp_path: Path
) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    for number in range(DOCUMENTS):
        lines = [f"Gauge {number}-{n} was read by a hydrologist in 20{n:02}." for n in range(SENTENCES)]
        (folder / f"{number}.md").write_text(f"# Readings {number}\n\n{' '.join(lines)}\n", "utf-8")
    server = machine()
    with crowd(server.port, readers=2) as alone:
        until(alone, ASKED)
    with crowd(server.port, readers=2) as beside:
        started = time.perf_counter()
        ingest = subprocess.Popen(
            [COMMAND, "ingest", folder],
            env=environment({"QA_STORE": store_address}),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert ingest.wait(300) == 0
        seconds = time.perf_counter() - started

    told = percentiles(beside.told)
    print(f"alone {percentiles(alone.told)} ms; beside an ingest of {seconds:.0f} s {told} ms")
    assert not alone.failed
    assert not beside.failed
    assert len(beside.told) > 10
