"""How many small faults the tests notice: `python scripts/mutants.py [GROUP...]` (`make mutants`).

Takes an hour or two. The modules that guard something are changed in one place at a time (`mutating.py` has
the changes) and the tests that belong to them run against each (`mutant_trials.py`): a table of what was
killed is printed, and each mutant that survived. `build/mutants/` keeps what was found; `--anew` forgets it
first.

mutmut 3 is not used: it leaves out functions with decorators, nested ones and constants, and processes that
tests start do not meet its mutants. Everything happens in a copy of the project with an environment of its
own, so that nothing here changes. Tests of a browser, a cluster or of more than a second and a half are
not asked.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "mutants"
TREE, ENVIRONMENT = BUILD / "tree", BUILD / "environment"
TOOLS = ("mutating.py", "mutant_trials.py")
KILLED = frozenset({"killed", "too slow"})
OWN = frozenset({"PYTHONPATH", "PYTHONDONTWRITEBYTECODE"})  # of whoever measures, and not for the copy
ON_THE_DISK = (
    "store/test_writers.py::test_keys_deletions_and_documents_are_committed_to_the_disk_and_turns_are_not"
)

GROUPS: Mapping[str, Mapping[str, str]] = {  # modules, and the tests that belong to them
    "auth": {
        "domain/principal.py": "domain/test_principal.py channels/test_access.py store/test_contract_desk.py",
        "store/secret.py": "store/test_keys.py",
        "store/keys.py": f"store/test_keys.py store/test_contract_rest.py {ON_THE_DISK}",
        "store/sessions.py": "store/test_contract_desk.py store/test_keys.py",
        "channels/access.py": "channels/test_access.py",
        "channels/cookies.py": "channels/test_cookies.py",
        "channels/limiting.py": "channels/test_limiting.py",
        "channels/proxies.py": "channels/test_proxies.py",
        "channels/slack/receiving.py": "channels/slack/test_signatures.py",
    },
    "fetch": {
        "fetch/targets.py": "fetch/test_targets.py fetch/test_forbidden.py",
        "fetch/routing.py": "fetch/test_targets.py fetch/test_forbidden.py",
        "fetch/connection.py": "fetch/test_connection.py fetch/test_limits.py",
        "fetch/fetcher.py": "fetch/test_limits.py fetch/test_forbidden.py",
        "fetch/feeds.py": "fetch/test_feeds.py",
    },
    "upload": {
        "channels/files.py": "channels/test_files.py",
        "channels/api/uploads.py": "channels/api/test_uploads.py",
        "channels/apart.py": "channels/test_apart.py",
        "ingest/archive.py": "ingest/test_archive.py",
        "ingest/sandbox.py": "ingest/test_sandbox.py",
    },
    "query": {
        "search/candidates.py": "search/test_candidates.py",
        "search/embedded.py": "search/test_embedded.py search/test_candidates.py search/test_footers.py "
        "test_following.py",
        "search/footers.py": "search/test_footers.py test_following.py",
        "store/opensearch/versions.py": "store/test_opensearch_queries.py",
        "store/opensearch/candidates.py": "store/test_opensearch_queries.py",
        "store/opensearch/passages.py": "store/test_opensearch_queries.py",
    },
    "swap": {
        "store/publishing.py": "store/test_publishing.py",
        "store/readers.py": "store/test_readers.py",
        "store/hashes.py": "store/test_hashes.py",
        "store/changing.py": "store/test_changing.py store/test_sqlite.py",
        "store/ledger.py": "store/test_changing.py store/test_contract_store.py",
        "store/sqlite.py": "store/test_contract_store.py store/test_sqlite.py store/test_changing.py "
        "store/test_migrating.py store/test_hashes.py store/test_flipped.py",
    },
}


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of {', '.join(GROUPS)}; or a module")
    parser.add_argument("--anew", action="store_true", help="forget what was found before")
    parser.add_argument("--again", action="store_true", help="try those anew that survived")
    parser.add_argument("--told", action="store_true", help="only tell what was found before")
    asked = parser.parse_args()
    if asked.anew:
        shutil.rmtree(BUILD, ignore_errors=True)
    chosen = {
        (group, module): tests
        for group, modules in GROUPS.items()
        for module, tests in modules.items()
        if not asked.groups or group in asked.groups or module in asked.groups
    }
    if not asked.told:
        _copy()
        for (_, module), tests in chosen.items():
            if asked.again:
                _forget_survivors(module)
            _try(module, tests.split())
    return _tell(list(chosen))


def _copy() -> None:
    """The project as it is here, and an environment that imports it from there."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S603
    shutil.rmtree(TREE, ignore_errors=True)
    for name in names.splitlines():
        if (ROOT / name).is_file():
            (TREE / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, TREE / name)
    if not ENVIRONMENT.exists():
        venv.create(ENVIRONMENT, symlinks=True)
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        beside = ENVIRONMENT / "lib" / version / "site-packages" / "mutants.pth"
        beside.write_text(f"{TREE}\n{sysconfig.get_path('purelib')}\n", "utf-8")
    command = ENVIRONMENT / "bin" / "qa-service"
    lines = ("import sys", "from qa_service.channels.cli.commands import main", "sys.exit(main())")
    command.write_text("\n".join((f"#!{ENVIRONMENT}/bin/python", *lines, "")), "utf-8")
    command.chmod(0o755)


def _told(module: str) -> Path:
    return BUILD / f"{module.replace('/', '.')}.jsonl"


def _forget_survivors(module: str) -> None:
    lines = _told(module).read_text("utf-8").splitlines() if _told(module).exists() else []
    kept = [line for line in lines if json.loads(line)["fate"] in KILLED]
    _told(module).write_text("".join(f"{line}\n" for line in kept), "utf-8")


def _try(module: str, tests: Sequence[str]) -> None:
    _told(module).touch()
    trials = [str(TREE / "scripts" / "mutant_trials.py"), f"qa_service/{module}", str(_told(module))]
    kept = {name: value for name, value in os.environ.items() if name not in OWN}
    subprocess.run(  # noqa: S603 - our own script
        [
            str(ENVIRONMENT / "bin" / "python"),
            *trials,
            *(f"tests/{one}" for one in tests),
        ],
        cwd=TREE,
        check=True,
        env=kept | {"PYTHONPYCACHEPREFIX": str(BUILD / "compiled")},
        stdout=subprocess.DEVNULL,
    )


def _tell(modules: Sequence[tuple[str, str]]) -> int:
    print("| group | module | killed | of | % |\n|---|---|---|---|---|")  # noqa: T201
    survived: list[str] = []
    sums: dict[str, Counter[bool]] = {}
    for group, module in modules:
        found = [json.loads(line) for line in _told(module).read_text("utf-8").splitlines()]
        fates = Counter(one["fate"] in KILLED for one in found)
        sums[group] = sums.get(group, Counter()) + fates
        print(_row(group, f"`{module}`", fates))  # noqa: T201
        survived += [
            f"{module.rpartition('/')[0]}/{one['told']}: {one['fate']}"
            for one in found
            if one["fate"] not in KILLED
        ]
    for group, fates in sums.items():
        print(_row(group, "all", fates))  # noqa: T201
    print("", *survived, sep="\n")  # noqa: T201
    return 0


def _row(group: str, module: str, fates: Mapping[bool, int]) -> str:
    killed, total = fates.get(True, 0), sum(fates.values())
    return f"| {group} | {module} | {killed} | {total} | {100 * killed / max(total, 1):.0f} |"


if __name__ == "__main__":
    sys.exit(main())
