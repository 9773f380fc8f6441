"""The files of prompts/ rendered: text in, with every value escaped for Markdown unless it is marked safe."""

import re
from dataclasses import fields
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, UndefinedError, meta, nodes

from qa_service.compose.contexts import (
    Context,
    DivergenceContext,
    EventContext,
    QuotesContext,
    RefusalContext,
    SeveralContext,
    SmallTalkContext,
    StatementContext,
    SuggestionsContext,
    TimelineContext,
)
from qa_service.domain.errors import SettingsError
from qa_service.domain.question import Kind

SUFFIX = ".j2"
PLAIN_NAMES = ("statement", "suggestions", "event")
REQUIRED = (*(kind.value for kind in Kind), "several", *PLAIN_NAMES)
# Characters that would start markup; a quote's own "[1]" must not look like a citation.
MARKUP = re.compile(r"([\\`*\[\]<>|~]|(?<!\w)_|_(?!\w)|&(?=#?\w+;))")
CONTEXTS: dict[str, type[Context]] = {
    "divergence": DivergenceContext,
    "timeline": TimelineContext,
    "refusal": RefusalContext,
    "small_talk": SmallTalkContext,
    "several": SeveralContext,
    "statement": StatementContext,
    "event": EventContext,
    "suggestions": SuggestionsContext,
}  # all others are given a QuotesContext


class Markdown(str):
    """Text that is Markdown already."""

    __slots__ = ()


def escape(value: object) -> object:
    """The value with Markdown's characters escaped; line breaks become spaces."""
    if isinstance(value, Markdown) or not isinstance(value, str):
        return value
    return MARKUP.sub(r"\\\1", value.replace("\n", " "))


class CheckedEnvironment(Environment):
    """Finds before a reader does what a template includes but is missing, or uses but is not given."""

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        """Jinja's hook between reading a template and compiling it."""
        for included in meta.find_referenced_templates(source):
            if included is not None:
                self.get_template(included)
        kind = (name or "").removesuffix(SUFFIX)
        unknown = _used(source) - {field.name for field in fields(CONTEXTS.get(kind, QuotesContext))}
        if kind in REQUIRED and unknown - self.globals.keys():
            raise UndefinedError(f"{name} uses {', '.join(sorted(unknown))}, which it is not given")
        return super()._generate(source, name, filename, defer_init)


def _used(source: nodes.Template) -> set[str]:
    """Names that a template reads and neither it nor Jinja sets."""
    names = list(source.find_all(nodes.Name))
    return {name.name for name in names if name.ctx == "load"} - {
        "loop",
        *(name.name for name in names if name.ctx != "load"),
    }


class Templates:
    """The templates of one folder, compiled when the service starts.

    Raises SettingsError naming QA_PROMPTS when the folder or one of its templates is missing or broken.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise SettingsError(f"QA_PROMPTS: there is no folder {folder}.")
        plain = CheckedEnvironment(
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,
            auto_reload=False,
        )
        markdown = plain.overlay(finalize=escape)
        try:
            self._templates = {
                name: (plain if name in PLAIN_NAMES else markdown).get_template(name + SUFFIX)
                for name in REQUIRED
            }
        except (TemplateError, OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"QA_PROMPTS: {folder}: {type(error).__name__}: {error}") from error

    def render(self, name: str, context: Context) -> str:
        """The template's text; Markdown, but for those of PLAIN_NAMES."""
        values = {field.name: getattr(context, field.name) for field in fields(context)}
        return re.sub(r"\n{3,}", "\n\n", self._templates[name].render(values)).strip()
