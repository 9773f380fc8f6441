"""A pytest plugin: runs the tests once, then for each mutant of one module those that enter what it changes.

A mutant is tried in a fork, whose functions have its code and whose modules have its constants; one of how
a class is made in a new process. Meanwhile it stands in the file too, so that processes which a test starts
meet it. It is killed when a test fails or does not end in time. Tests that do not pass by themselves and in a
fork, or take long, are not asked.

Run by `scripts/mutants.py` in a copy of the project: it changes files.
"""

import ast
import functools
import gc
import importlib.util
import json
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType

import pytest
from mutating import Mutant, mutants

SLOW = 1.5  # seconds of a test that is not asked
PATIENCE = 3.0  # seconds beyond three times what a test took
IMPORTING = 60.0  # seconds that a new process may take to begin
Place = tuple[str, int]  # of a function: its name and the line where it begins


@dataclass(slots=True)
class Asked:
    """A test, how long it took and the lines of the functions that it entered."""

    item: pytest.Item
    seconds: float = 0.0
    entered: set[int] = field(default_factory=set)


class Trials:
    """Takes the place of pytest's loop over the tests."""

    def __init__(self, module: Path, told: Path) -> None:
        self._module, self._told = module, told
        self._source = module.read_text("utf-8")
        self._moment = int(time.time())
        self._reports: list[pytest.TestReport] = []
        self._importing: set[int] = set()  # lines of the functions that make constants, for all tests

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Print a line of JSON about each mutant into the file ``told``."""
        asked = self._measured(session.items)
        self._functions, self._caches = self._live()
        with _entered(str(self._module), self._importing):
            self._imported()
        gc.freeze()
        asked = self._that_pass_in_a_fork(asked)
        tree = ast.parse(self._source)
        before = [json.loads(line) for line in self._told.read_text("utf-8").splitlines()]
        known = {one["told"]: one["fate"] for one in before}
        with self._told.open("w", encoding="utf-8") as file:
            for line, mutant in _named(self._module.name, mutants(tree)):
                fate = known.get(line) or self._fate(tree, mutant, asked)
                file.write(json.dumps({"told": line, "fate": fate}, ensure_ascii=False) + "\n")
                file.flush()
        self._write(self._source)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """What became of a part of a test."""
        self._reports.append(report)

    def _reports_of(self, item: pytest.Item, after: pytest.Item | None) -> list[pytest.TestReport]:
        self._reports.clear()
        item.ihook.pytest_runtest_protocol(item=item, nextitem=after)
        return self._reports

    def _measured(self, items: Sequence[pytest.Item]) -> list[Asked]:
        """The tests that pass, the fastest first."""
        found = []
        for item, after in zip(items, [*items[1:], None], strict=True):
            one = Asked(item)
            begun = time.monotonic()
            with _entered(str(self._module), one.entered):
                reports = self._reports_of(item, after)
            one.seconds = time.monotonic() - begun
            if all(report.passed for report in reports) and one.seconds < SLOW:
                found.append(one)
            else:
                print(f"not asked: {item.nodeid} ({one.seconds:.1f} s)", file=sys.stderr)  # noqa: T201
        return sorted(found, key=lambda one: one.seconds)

    def _that_pass_in_a_fork(self, asked: Sequence[Asked]) -> list[Asked]:
        """Without any change: a test may depend on a thread that a fork does not have."""
        reading, writing = os.pipe()
        if (process := os.fork()) == 0:
            for number, one in enumerate(asked):
                reports = self._reports_of(one.item, None)
                if all(report.passed for report in reports):
                    os.write(writing, f"{number} ".encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as told:
            passed = {int(number) for number in told.read().split()}
        os.waitpid(process, 0)
        print(*(one.item.nodeid for number, one in enumerate(asked) if number not in passed), file=sys.stderr)  # noqa: T201
        return [one for number, one in enumerate(asked) if number in passed]

    def _live(self) -> tuple[list[FunctionType], list["functools._lru_cache_wrapper[object]"]]:
        """The functions of the module, and what was remembered in tests before."""
        functions, caches = [], []
        for one in gc.get_objects():
            if isinstance(one, FunctionType) and one.__code__.co_filename == str(self._module):
                functions.append(one)
            elif isinstance(one, functools._lru_cache_wrapper):
                caches.append(one)
        return functions, [one for one in caches if (one.__module__ or "").startswith("qa_service")]

    def _fate(self, tree: ast.Module, mutant: Mutant, asked: Sequence[Asked]) -> str:
        with mutant.made():
            try:
                code = compile(tree, str(self._module), "exec")
            except (SyntaxError, ValueError, TypeError):
                return "killed"
            self._write(ast.unparse(tree))
        early = mutant.function is None or mutant.function in self._importing
        chosen = [one for one in asked if early or mutant.function in one.entered]
        if not chosen:
            return "not entered"
        forked = not mutant.classed and self._swaps(code) is not None
        tried = self._forked if forked else self._anew
        return self._waited(tried(code, chosen), chosen, forked=forked)

    def _write(self, source: str) -> None:
        """Each time with another second, by which Python knows that it has to compile it."""
        self._module.write_text(source, "utf-8")
        self._moment += 1
        os.utime(self._module, (self._moment, self._moment))

    def _swaps(self, code: CodeType) -> list[tuple[FunctionType, CodeType]] | None:
        """Which function gets which code; None when one cannot."""
        codes: dict[Place, list[CodeType]] = {}
        for one in _codes(code):
            codes.setdefault(_place(one), []).append(one)
        swaps = []
        for function in self._functions:
            found = codes.get(_place(function.__code__), [])
            if len(found) != 1 or found[0].co_freevars != function.__code__.co_freevars:
                return None
            swaps.append((function, found[0]))
        return swaps

    def _forked(self, code: CodeType, asked: Sequence[Asked]) -> int:
        if process := os.fork():
            return process
        os.setsid()
        status = 1
        try:
            self._transplant()
            for function, other in self._swaps(code) or []:
                function.__code__ = other
            for cache in self._caches:
                cache.cache_clear()
            status = self._run(asked)
        finally:
            os._exit(status)

    def _transplant(self) -> None:
        """Give the module, and those that took them from it, the constants of the mutant."""
        name, made = self._imported()
        for key, value in vars(sys.modules[name]).copy().items():
            if key.startswith("__") or isinstance(value, type | FunctionType | ModuleType) or callable(value):
                continue
            for other in list(sys.modules.values()):
                if getattr(other, "__dict__", {}).get(key) is value:
                    vars(other)[key] = vars(made).get(key)

    def _imported(self) -> tuple[str, ModuleType]:
        """The name of the module, and one that is made of its file now."""
        name = next(
            name for name, one in sys.modules.items() if getattr(one, "__file__", "") == str(self._module)
        )
        spec = importlib.util.spec_from_file_location(name, self._module)
        assert spec is not None and spec.loader is not None  # noqa: S101 - it is a file
        made = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(made)
        return name, made

    def _run(self, asked: Sequence[Asked]) -> int:
        """Whether one failed. One that takes far longer than it did ends the process."""
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        for one, after in zip(asked, [*asked[1:], None], strict=True):
            signal.setitimer(signal.ITIMER_REAL, PATIENCE + 3 * one.seconds)
            reports = self._reports_of(one.item, after.item if after else None)
            if any(report.failed for report in reports):
                return 1
        return 0

    @staticmethod
    def _anew(_: CodeType, asked: Sequence[Asked]) -> int:
        options = ["-x", "-q", "-p", "no:cacheprovider", *(one.item.nodeid for one in asked)]
        nowhere = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3)]
        command = [sys.executable, "-m", "pytest", *options]
        return os.posix_spawn(sys.executable, command, os.environ, file_actions=nowhere, setsid=True)

    @staticmethod
    def _waited(process: int, asked: Sequence[Asked], *, forked: bool) -> str:
        limit = sum(PATIENCE + 3 * one.seconds for one in asked) + (0 if forked else IMPORTING)
        end = time.monotonic() + limit
        while time.monotonic() < end:
            ended, status = os.waitpid(process, os.WNOHANG)
            if ended:
                _kill(process)
                slow = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM
                return "too slow" if slow else "killed" if status else "survived"
            time.sleep(0.005)
        _kill(process)
        os.waitpid(process, 0)
        return "too slow"


class _entered:  # noqa: N801 - reads as a verb
    """Notes the lines where the functions of a file begin that are entered meanwhile, by any thread."""

    def __init__(self, file: str, lines: set[int]) -> None:
        self._file, self._lines = file, lines

    def _trace(self, frame: FrameType, _event: str, _argument: object) -> None:
        if frame.f_code.co_filename == self._file:
            self._lines.add(frame.f_code.co_firstlineno)

    def __enter__(self) -> None:
        threading.settrace(self._trace)
        sys.settrace(self._trace)

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)
        threading.settrace(None)  # type: ignore[arg-type]


def _named(name: str, found: Iterable[Mutant]) -> Iterator[tuple[str, Mutant]]:
    """Each mutant under a name of its own."""
    met: Counter[str] = Counter()
    for mutant in found:
        line = f"{name}:{mutant.line} {mutant.told}"
        met[line] += 1
        yield (f"{line} ({met[line]})" if met[line] > 1 else line), mutant


def _codes(code: CodeType) -> Iterator[CodeType]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one
            yield from _codes(one)


def _place(code: CodeType) -> Place:
    return code.co_qualname, code.co_firstlineno


def _kill(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def main() -> int:
    """``python mutant_trials.py MODULE TOLD TEST...``: tries the mutants of a module."""
    module, told, *tests = sys.argv[1:]
    trials = Trials(Path(module).resolve(), Path(told).resolve())
    marks = "not long and not browser and not opensearch"
    ended = pytest.main(["-q", "-p", "no:cacheprovider", "-m", marks, *tests], plugins=[trials])
    return 0 if ended == pytest.ExitCode.TESTS_FAILED else int(ended)  # one that fails is not asked


if __name__ == "__main__":
    sys.exit(main())
