"""A sources.toml: which files the default store holds, and whether any of them has changed."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import tomli

from qa_service.domain.errors import SettingsError


def listed(sources: Path) -> tuple[Path, ...]:
    """The paths that a sources.toml names; relative ones are relative to it. Raises SettingsError."""
    try:
        rows = tomli.loads(sources.read_text("utf-8")).get("source", [])
        named = [row["path"] for row in rows]
        paths = tuple((sources.parent / path).resolve() for path in named)
    except (OSError, UnicodeDecodeError, tomli.TOMLDecodeError, KeyError, TypeError) as error:
        raise SettingsError(f"QA_SOURCES: {sources}: {type(error).__name__}: {error}") from error
    for path in named:
        if path.lower().startswith(("http://", "https://")):
            raise SettingsError(f"QA_SOURCES: {sources}: {path} is no file; use `qa-service ingest {path}`.")
    return paths


def fingerprint(sources: Path) -> str:
    """A hash of the list and of every file that it names. Raises SettingsError."""
    digest = hashlib.sha256()
    for path in (sources, *_files(listed(sources))):
        digest.update(f"{path}\0".encode("utf-8", "surrogateescape"))
        digest.update(path.read_bytes() if path.is_file() else b"missing")
    return digest.hexdigest()


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.rglob("*")) if path.is_dir() else [path]
