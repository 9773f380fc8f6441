"""The indices of the store. A document is read by its id, at once; what is searched for has a field here."""

KEYWORD, NUMBER, KEPT = {"type": "keyword"}, {"type": "long"}, {"type": "object", "enabled": False}
SHORT = {"type": "keyword", "ignore_above": 8000}  # characters; Lucene takes 32,766 bytes

SETTINGS = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",  # a second copy wherever there is a second node
    "max_result_window": 1_000_000,  # candidates of the commonest words
    "max_terms_count": 65_536,
}


def _mapping(**fields: object) -> dict[str, object]:
    """Only these fields are searched; all that a document holds is kept."""
    return {"dynamic": False, "properties": fields}


def _version(**fields: object) -> dict[str, object]:
    """The same of what is there from one position of the store until another."""
    return _mapping(since=NUMBER, until=NUMBER, **fields)


INDICES = {
    "conversations": _mapping(owner=KEYWORD, begun=NUMBER, used=NUMBER, turns=KEPT, answers=KEYWORD),
    "threads": _mapping(conversation=KEYWORD),
    "feedback": _mapping(thumb=KEYWORD, given=NUMBER, answer_id=KEYWORD, giver=KEYWORD),
    "keys": _mapping(id=KEYWORD, created=NUMBER, place=NUMBER),
    "deliveries": _mapping(claimed={"type": "double"}),
    "tallies": _mapping(hour=NUMBER, teller=KEYWORD),
    "sessions": _mapping(until=NUMBER),
    "arrivals": _mapping(fate=KEYWORD, place=NUMBER),
    "answers": _mapping(id=KEYWORD, answered=NUMBER, recorded=NUMBER),
    "state": _mapping(),
    "documents": _version(id=KEYWORD, origin=KEYWORD),
    "originals": _mapping(),
    "passages": _version(number=NUMBER, document=KEYWORD, ordinal=NUMBER, words={"type": "rank_features"})
    | {"_source": {"excludes": ["words"]}},  # they are told by the terms
    "counts": _version(name=KEYWORD, key=KEYWORD, value=SHORT, stem=SHORT, sound=SHORT, count=NUMBER),
}
