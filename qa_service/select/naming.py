"""A name as people type it ("Moscow", "the US") becomes the actor that it means."""

import re

from qa_service.domain.directory import EntryKind
from qa_service.domain.edition import Edition
from qa_service.domain.ports import ActorNames
from qa_service.select.views import Views

ARTICLE = re.compile(r"^\s*the\s+", re.IGNORECASE)


def actor_named(name: str, names: ActorNames, edition: Edition, views: Views) -> str:
    """The canonical name; the name itself, without its article, when nobody is known by it."""
    bare = " ".join(ARTICLE.sub("", name).split())
    known = names.actor(bare)
    if known:
        return known
    mentioned = {mention.actor for mention in names.mentions(bare, typed=True)}
    if len(mentioned) == 1:
        return mentioned.pop()
    return _holder(bare, edition, views) or bare


def _holder(name: str, edition: Edition, views: Views) -> str | None:
    """The one actor of the documents whose name holds all of these words; None when several do."""
    asked = views.stems(name)
    holders = [set(edition.snapshot.entries(EntryKind.HOLDER, stem)) for stem in asked]
    found = set.intersection(*holders) if holders else set()
    return found.pop() if len(found) == 1 else None
