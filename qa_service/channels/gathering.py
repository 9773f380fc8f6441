"""What a worker counted that has ended goes into one file of all that have: their folder does not grow."""

from collections import Counter
from pathlib import Path

from prometheus_client.mmap_dict import MmapedDict

KINDS = ("counter", "histogram")  # files of what is added up; gauges end with their worker
ENDED = 0  # stands for the id of all processes that have ended


def gather(folder: Path, pid: int) -> None:
    """Add up, then remove the worker's files. Called by one process alone, when the worker has ended."""
    for kind in KINDS:
        own, ended = folder / f"{kind}_{pid}.db", folder / f"{kind}_{ENDED}.db"
        if own.exists():
            made = folder / f"{kind}.made"  # no name of a file that is read
            made.unlink(missing_ok=True)
            _write(made, _added(own, ended))
            own.unlink()
            made.replace(ended)


def _added(*files: Path) -> Counter[str]:
    sums: Counter[str] = Counter()
    for file in files:
        if file.exists() and file.stat().st_size:  # empty: its worker ended before it counted anything
            for key, value, *_ in MmapedDict.read_all_values_from_file(str(file)):  # type: ignore[no-untyped-call]
                sums[key] += value
    return sums


def _write(file: Path, sums: Counter[str]) -> None:
    written = MmapedDict(str(file))  # type: ignore[no-untyped-call]
    for key, value in sums.items():
        written.write_value(key, value, 0.0)  # type: ignore[no-untyped-call]
    written.close()  # type: ignore[no-untyped-call]
