"""A sentence and somebody's position in it go in; whether he answers for all of the sentence comes out.

A quote is told as somebody's words only then. Where he speaks in a subordinate clause, or in one of several
clauses, the quote itself says which part is his.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from qa_service.domain.annotation import Position

QUOTED = re.compile(r"“[^”]*”?|\"[^\"]*\"?")
OURSELVES = frozenset("i we us our my".split())
QUOTATION, ACCORDING = "quotation", "according to"

#: Opens a clause that hangs on another one.
HANGING = (
    "that which who whom whose because since although though while whereas if whether unless until when where"
    " what how why as than so"
)
SUBORDINATE = re.compile(rf"\b(?:{'|'.join(HANGING.split())})\b", re.IGNORECASE)
CONCEDING = re.compile(r"(?:while|whereas|(?:even )?though|although)\b", re.IGNORECASE)
#: "When the talks failed, …": the clause is over before the next one begins.
CLOSED = re.compile(
    r"\b(?:when|where|after|before|as|once|until|if|unless|since|because)\s[^,;:]{2,200},", re.IGNORECASE
)
FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|shall|should|do|does|did|cannot"
    r"|said|went|took|gave|made|came|left|lost|won|fell|rose|grew|held|kept|met|built|sent|paid|got|became|began"
    r"|broke|fought|stood|knew|saw|told|thought|found|brought|bought|sold|set|put|cut|led|ran|wrote|spoke|chose"
    r"|\w{2,9}n['’]t|(?!need|seed|feed|speed|indeed|breed)[a-z]{3,20}ed)\b"
)
AUXILIARY = re.compile(r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|does|did)\b")
SOMEBODY = re.compile(r"\b(?:I|[Ww]e|[Yy]ou|[Hh]e|[Ss]he|[Tt]hey|[Ii]t|[Tt]here)\b")
OPENS = re.compile(r"(?:and|but|yet|so|or)\b\s*", re.IGNORECASE)
JOINS = re.compile(r"\b(?:and|but|or|nor|yet|neither)\s+(?:\w+\s+)?$", re.IGNORECASE)
LEADS = re.compile(
    r"(?:in|on|at|by|for|with|from|under|over|after|before|during|since|despite|until|amid|throughout"
    r"|following|within|today|yesterday|later|then|now|here|still|also|\w+ly)\b",
    re.IGNORECASE,
)
PREMODIFIERS = 2  # words: "The opposition", "Mr"

#: "…, Tokyo said on Monday." and "…, Tokyo said, …": all that stands around it is said.
PUT_LAST = re.compile(
    r"(?:\s+(?:on|in|at|last|this|after|during|to|yesterday|today)\b[^,;:]{0,200})?[\s.!?…”\"]*$",
    re.IGNORECASE,
)
PUT_BETWEEN = re.compile(r"\s*,")

SAYS_THAT = re.compile(r"(?:\s+[^\s,;:]+){0,6}?\s*(?:\bthat\b|:|“|\")")
#: "; it also …": the same one goes on.
PARTED = re.compile(r";(?!\s*(?:and |but )?(?:it|he|she|they|that)\b)")
CONCEDES = re.compile(
    r",\s+(?:while|even as)\b|(?<!\bthat )(?<!\bas )\b(?:whereas|although|though)\b", re.IGNORECASE
)
ANOTHER = (
    r"(?:the|a|an|this|these|those|its|their|his|her|our|my|some|many|most|all|no|each|every|both|other|others"
    r"|few|we|you|there|nobody|neither|\d[\w,.]*)\b"
)
TURNS = re.compile(
    rf"(?:,|(?<![\s,]))\s+(?:but|yet|nor|so)\s+(?:{ANOTHER}|(?!I\b)[A-Z]|I\b"
    r"|[a-z]{2,20}s\s+(?:[a-z]{3,20}ed|are|were|have|had|will|would|can|could|may|might|must|do|did)\b)"
)
ADDS = re.compile(rf",\s+and\s+(?=(?:{ANOTHER}|[A-Z]))([^,;:]{{1,300}})")
PARTS = re.compile(r";|\b(?:and|but|while|whereas|although|though|yet)\b", re.IGNORECASE)

#: Nouns for what somebody holds: the sentence speaks of it, and need not be it.
NOUNS = frozenset(
    "refusal rejection unwillingness insistence proposal proposals pressure warning threat"
    " allegation allegations accusation accusations denial stance objection objections opposition"
    " concern concerns belief assessment outlook perspective criticism suspicion suspicions"
    " discomfort willingness readiness desire preference advocacy misgivings assertion assertions"
    " contention complaint position attempt attempts effort efforts".split()
)
IS_THAT = re.compile(r"[^,;:]{0,80}\b(?:is|was|are|were|remains|remained)\s(?:[\w']+\s){0,3}(?:that|to)\b")
OF_HIS = re.compile(r"\s*['’]")


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence around a position, its quotations blotted out: what stands before the one who holds it,
    between him and the verb, and after the two of them.
    """

    lead: str
    between: str
    follow: str
    turned: bool = False  # the verb stands before him: "is seen by Tokyo", "said Tokyo"


def governs(text: str, start: int, one: Position, others: Iterable[Position]) -> bool:
    """Whether the holder of ``one`` holds all of ``text``, which stands at ``start`` in its document."""
    if one.cue == QUOTATION:
        return True
    masked = QUOTED.sub(_blotted, text)
    told = _told(masked, start, one)
    if told is None or _shared(masked, start, one, others):
        return False
    if one.cue == ACCORDING or _in_his_view(told):
        return _according(told)
    if _is_noun(one, told):
        return _leads_in(told.lead) and bool(IS_THAT.match(told.follow))
    return _put_aside(told) or (_heads(told) and _goes_on(told.follow))


def _blotted(match: re.Match[str]) -> str:
    return "“" + "_" * (len(match.group()) - 2) + "”" * (len(match.group()) > 1)


def _told(masked: str, start: int, one: Position) -> Told | None:
    """The sentence parted at the holder and at the word that marks what he holds."""
    lead, rest = masked[: max(one.speaker_start - start, 0)], masked[max(one.speaker_end - start, 0) :]
    word = re.compile(rf"\b{re.escape(one.cue)}\b", re.IGNORECASE)
    before = [match for match in word.finditer(lead) if len(lead) - match.end() < 40]
    after = word.search(rest)
    turned = bool(before) and (one.cue == ACCORDING or after is None or lead.rstrip().endswith(" by"))
    if turned:
        return Told(lead[: before[-1].start()], "", rest, turned=True)
    return Told(lead, rest[: after.start()], rest[after.end() :]) if after else None


def _shared(masked: str, start: int, one: Position, others: Iterable[Position]) -> bool:
    """Whether somebody else holds something beside it, and not only within what he holds."""
    for other in others:
        if set(other.actors) & set(one.actors) or other.cue in NOUNS:
            continue
        if other.speaker_start < one.speaker_start:
            return True
        if PARTS.search(masked[max(one.speaker_end - start, 0) : max(other.speaker_start - start, 0)]):
            return True
    return False


def _is_noun(one: Position, told: Told) -> bool:
    """ "Tokyo's refusal to", "the American demand that"."""
    return one.cue in NOUNS or bool(OF_HIS.match(told.between))


def _in_his_view(told: Told) -> bool:
    """ "In Tokyo's view, …"."""
    return told.lead == "In " and bool(OF_HIS.match(told.between)) and told.follow.startswith(",")


def _according(told: Told) -> bool:
    """ "According to Tokyo, …" and "…, according to Tokyo"; not of a part of it only."""
    if told.lead in ("", "In "):
        return _goes_on(f" that{told.follow}")
    if ";" in told.lead or CONCEDES.search(told.lead) or TURNS.search(told.lead):
        return False
    last = not FINITE.search(told.follow) and ";" not in told.follow
    return last or not (
        SUBORDINATE.search(told.lead) or ADDS.search(told.follow) or not _goes_on(told.follow)
    )


def _put_aside(told: Told) -> bool:
    """ "…, Tokyo said." and "…, Tokyo said, …": a clause that only says who says all of it."""
    lead = told.lead.rstrip()
    if told.between.strip() or not lead.endswith((",", "”")) or ";" in lead:
        return False
    if PUT_LAST.match(told.follow):
        return True
    aside = PUT_BETWEEN.match(told.follow) or lead.endswith("”")
    return bool(aside) and not SUBORDINATE.search(lead) and _goes_on(told.follow)


def _heads(told: Told) -> bool:
    """Whether his is the main clause, and the first."""
    if not told.turned:
        return _leads_in(told.lead)
    own = OPENS.sub("", CLOSED.sub("", told.lead), count=1)
    return not (";" in own or SUBORDINATE.search(own) or ADDS.search(own) or TURNS.search(own))


def _leads_in(lead: str) -> bool:
    """Whether no clause begins before the one who holds it: "In May, ", "When the talks failed, "."""
    if CONCEDING.match(lead):
        return False
    lead = CLOSED.sub("", OPENS.sub("", lead, count=1) if OPENS.match(lead) else lead).strip()
    if any(found.search(lead) for found in (SUBORDINATE, AUXILIARY, SOMEBODY)) or JOINS.search(f"{lead} "):
        return False
    if ";" in lead or ":" in lead:
        return False
    near = lead.rpartition(",")[2].strip()
    return len(near.split()) <= PREMODIFIERS or bool(LEADS.match(near))


def _goes_on(follow: str) -> bool:
    """Whether what follows the verb stays with the one who holds it: no clause with another subject."""
    if _parted(follow) or CONCEDES.search(follow) or TURNS.search(follow):
        return False
    if SAYS_THAT.match(follow):
        return True
    return not any(FINITE.search(added.group(1)) for added in ADDS.finditer(follow))


def _parted(follow: str) -> bool:
    """Whether a semicolon begins another one's clause, and not the next thing of a list."""
    listed = follow.count(";") > 1 and not FINITE.search(follow, follow.index(";"))
    return bool(PARTED.search(follow)) and not listed
