"""The files of prompts/ rendered: text in, with every value escaped for Markdown unless it is marked safe."""

import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from jinja2 import (
    DictLoader,
    Environment,
    StrictUndefined,
    TemplateAssertionError,
    TemplateError,
    TemplateNotFound,
    UndefinedError,
    meta,
    nodes,
)

from qa_service.compose.contexts import (
    Context,
    DivergenceContext,
    EventContext,
    FollowUpsContext,
    MessageContext,
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
PLAIN_NAMES = ("statement", "suggestions", "follow_ups", "event")
REQUIRED = (*(kind.value for kind in Kind), "several", "message", *PLAIN_NAMES)
# Characters that would start markup; a quote's own "[1]" must not look like a citation.
MARKUP = re.compile(r"([\\`*\[\]<>|~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;))")
CONTEXTS: dict[str, type[Context]] = {
    "divergence": DivergenceContext,
    "timeline": TimelineContext,
    "refusal": RefusalContext,
    "small_talk": SmallTalkContext,
    "several": SeveralContext,
    "message": MessageContext,
    "statement": StatementContext,
    "event": EventContext,
    "suggestions": SuggestionsContext,
    "follow_ups": FollowUpsContext,
}  # all others are given a QuotesContext


class Markdown(str):
    """Text that is Markdown already."""

    __slots__ = ()


def escape(value: object) -> object:
    """The value with Markdown's characters escaped; line breaks become spaces."""
    if isinstance(value, Markdown) or not isinstance(value, str):
        return value
    return MARKUP.sub(r"\\\1", value.replace("\n", " "))


class Templates:
    """The templates of one folder: all checked when the service starts, each compiled when first used.

    Raises SettingsError naming QA_PROMPTS when the folder or one of its templates is missing or broken.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise SettingsError(f"QA_PROMPTS: there is no folder {folder}.")
        files = {file.name: file for file in folder.glob(f"*{SUFFIX}")}
        try:
            sources = {name: file.read_text("utf-8") for name, file in files.items()}
            self._plain = Environment(
                loader=DictLoader(sources),
                undefined=StrictUndefined,
                trim_blocks=True,
                lstrip_blocks=True,
                autoescape=False,  # noqa: S701 - what is made is Markdown
                auto_reload=False,
            )
            for name in {*sources, *(name + SUFFIX for name in REQUIRED)}:
                _check(name, self._plain, sources)
        except (TemplateError, OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"QA_PROMPTS: {folder}: {type(error).__name__}: {error}") from error
        self._markdown = self._plain.overlay(finalize=escape)

    def render(self, name: str, context: Context) -> str:
        """The template's text; Markdown, but for those of PLAIN_NAMES."""
        template = (self._plain if name in PLAIN_NAMES else self._markdown).get_template(name + SUFFIX)
        values = {field.name: getattr(context, field.name) for field in fields(context)}
        return re.sub(r"\n{3,}", "\n\n", template.render(values)).strip()


def _check(file: str, environment: Environment, sources: Mapping[str, str]) -> None:
    """Find before a reader does what a template includes but is missing, or uses but is not given."""
    if file not in sources:
        raise TemplateNotFound(file)
    tree = environment.parse(sources[file], file)
    for included in meta.find_referenced_templates(tree):
        if included is not None and included not in sources:
            raise TemplateNotFound(included)
    for filtered in tree.find_all(nodes.Filter):
        if filtered.name not in environment.filters:
            raise TemplateAssertionError(f"No filter named {filtered.name!r}.", filtered.lineno, file)
    name = file.removesuffix(SUFFIX)
    given = {field.name for field in fields(CONTEXTS.get(name, QuotesContext))}
    unknown = _used(tree) - environment.globals.keys() - given
    if name in REQUIRED and unknown:
        raise UndefinedError(f"{file} uses {', '.join(sorted(unknown))}, which it is not given")


def _used(tree: nodes.Template) -> set[str]:
    """Names that a template reads and neither it nor Jinja sets."""
    read = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "load"}
    made = {name.name for name in tree.find_all(nodes.Name) if name.ctx != "load"}
    imported = {str(name) for one in tree.find_all(nodes.FromImport) for name in one.names}
    return read - made - imported - {"loop"}
