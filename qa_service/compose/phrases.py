"""prompts/chat.toml becomes Phrases: what the chat channels say around an answer, in one frozen value."""

import string
from dataclasses import dataclass, fields
from pathlib import Path

import tomli

from qa_service.domain.errors import SettingsError

FILE = "chat.toml"
OFFERED = {
    "understood": {"question"},
    "page": {"page"},
    "identity": {"id", "version"},
    "help": {"command"},
    "too_long": {"longest"},
    "asked": {"user"},
    "installed": {"team"},
    "install_failed": {"reason"},
}  # the names in braces that a phrase may use; all others use none


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The phrases, each explained by its place in prompts/chat.toml; some are patterns for `str.format`."""

    understood: str
    sources: str
    source: str
    page: str
    nearest: str
    nearest_note: str
    suggestions: str
    identity: str
    cut: str
    help: str
    hook_help: str
    too_long: str
    outage: str
    not_installed: str
    command: str
    share: str
    asked: str
    helpful: str
    unhelpful: str
    noted: str
    comment_title: str
    comment_label: str
    comment_send: str
    comment_cancel: str
    prompts: str
    app_name: str
    app_description: str
    agent_description: str
    command_description: str
    command_hint: str
    installed_title: str
    installed: str
    not_installed_title: str
    install_failed: str


def load_phrases(folder: Path) -> Phrases:
    """The phrases of a folder of templates. Raises SettingsError naming QA_PROMPTS and what is wrong."""
    file = folder / FILE
    try:
        found = tomli.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"QA_PROMPTS: {file}: {type(error).__name__}: {error}") from error
    problems = list(_problems(found))
    if problems:
        raise SettingsError(f"QA_PROMPTS: {file}: {'; '.join(problems)}")
    return Phrases(**found)


def _problems(found: dict[str, object]) -> list[str]:
    known = {field.name for field in fields(Phrases)}
    problems = [f"{name} is missing" for name in sorted(known - found.keys())]
    problems += [f"{name} is not known" for name in sorted(found.keys() - known)]
    for name in sorted(known & found.keys()):
        problems += [f"{name} {problem}" for problem in _faults(name, found[name])]
    return problems


def _faults(name: str, phrase: object) -> list[str]:
    if not isinstance(phrase, str) or not phrase.strip():
        return ["is not a text"]
    try:
        used = {field for _, field, _, _ in string.Formatter().parse(phrase) if field is not None}
    except ValueError as error:
        return [f"has a fault: {error}"]
    return [f"uses {{{one}}}, which it is not given" for one in sorted(used - OFFERED.get(name, set()))]
