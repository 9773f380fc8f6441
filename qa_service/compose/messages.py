"""An answer as one Markdown message, for channels that can show nothing else: text, then its sources."""

from collections.abc import Callable

from qa_service.compose.contexts import Cited, MessageContext
from qa_service.compose.dates import spelled
from qa_service.compose.templates import Markdown, Templates
from qa_service.domain.answer import Answer, Citation

Link = Callable[[Citation], str]  # a citation's address, without a character that ends a Markdown link


def message(answer: Answer, link: Link, templates: Templates) -> str:
    """The answer's text with its sources; a refusal has the nearest passages and questions that work."""
    context = MessageContext(
        text=Markdown(answer.text),
        cited=tuple(_cited(one, link) for one in answer.citations),
        nearest=tuple(_cited(one, link) for one in answer.refusal.nearest) if answer.refusal else (),
        suggestions=answer.suggestions if answer.refusal else (),
    )
    return templates.render("message", context)


def _cited(citation: Citation, link: Link) -> Cited:
    return Cited(
        number=citation.number,
        title=citation.title,
        author=citation.author,
        publisher=citation.publisher,
        date=spelled(citation.published),
        section=citation.section,
        page=citation.page,
        quote=citation.quote,
        link=Markdown(link(citation)),
    )
