"""The files of prompts/ rendered: text in, with every value escaped for Markdown unless it is marked safe."""

import re
from dataclasses import fields
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, UndefinedError, meta

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
PLAIN = (StatementContext, SuggestionsContext, EventContext)


class Markdown(str):
    """Text that is Markdown already."""

    __slots__ = ()


def escape(value: object) -> object:
    """The value with Markdown's characters escaped; line breaks become spaces."""
    if isinstance(value, Markdown) or not isinstance(value, str):
        return value
    return MARKUP.sub(r"\\\1", value.replace("\n", " "))


class Templates:
    """The templates of one folder, compiled when the service starts.

    Raises SettingsError naming QA_PROMPTS when the folder or one of its templates is missing or broken.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise SettingsError(f"QA_PROMPTS: there is no folder {folder}.")
        loader = FileSystemLoader(folder)
        options = {
            "undefined": StrictUndefined,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "autoescape": False,
            "auto_reload": False,
        }
        markdown = Environment(loader=loader, finalize=escape, **options)  # type: ignore[arg-type] # noqa: S701
        plain = Environment(loader=loader, **options)  # type: ignore[arg-type] # noqa: S701
        try:
            self._markdown = {name: markdown.get_template(name + SUFFIX) for name in REQUIRED}
            self._plain = {name: plain.get_template(name + SUFFIX) for name in PLAIN_NAMES}
            _check(markdown, loader)
        except (TemplateError, OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"QA_PROMPTS: {folder}: {type(error).__name__}: {error}") from error

    def render(self, name: str, context: Context) -> str:
        """The template's text; Markdown, but for statements and suggestions, which are plain."""
        template = self._plain[name] if isinstance(context, PLAIN) else self._markdown[name]
        values = {field.name: getattr(context, field.name) for field in fields(context)}
        return re.sub(r"\n{3,}", "\n\n", template.render(values)).strip()


def _check(environment: Environment, loader: FileSystemLoader) -> None:
    """Find before a reader does what a template includes but is missing, or uses but is not given."""
    for file in environment.list_templates(extensions=[SUFFIX.removeprefix(".")]):
        source, _, _ = loader.get_source(environment, file)
        tree = environment.parse(source)
        for included in meta.find_referenced_templates(tree):
            if included is not None:
                environment.get_template(included)
        name = file.removesuffix(SUFFIX)
        given = {field.name for field in fields(CONTEXTS.get(name, QuotesContext))}
        unknown = meta.find_undeclared_variables(tree) - given
        if name in REQUIRED and unknown:
            raise UndefinedError(f"{file} uses {', '.join(sorted(unknown))}, which it is not given")
