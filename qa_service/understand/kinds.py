"""The words of a question tell its kind and what its answer has to contain.

The first pattern that fits decides; order is the rule. Patterns are linear: no repeats inside repeats.
"""

import re
from dataclasses import dataclass

from qa_service.domain.question import AnswerType, Kind


@dataclass(frozen=True, slots=True)
class Reading:
    """A kind, what the answer has to contain, and the words that only said so."""

    kind: Kind
    answer_type: AnswerType | None = None
    defined: str | None = None


POLITE = re.compile(
    r"^(?:(?:hi|hello|hey|please|so|ok|okay|well|and|but|then|now)[,!.]? )*"
    r"(?:(?:could|can|would|will) you (?:please |kindly |perhaps )*(?:be so kind as to )?"
    r"(?:tell|explain|show|give|list|set|say|describe|remind|let)\b(?: to)?(?: me| us)?(?: know)?(?: out)?,?"
    r"|i (?:would|wonder|want|need|am|was|'d)[^,?]{0,40}?(?:if you could explain|to know|whether|to understand|wondering|grateful)\b"
    r"|(?:please )?(?:tell|explain|show|give) (?:to )?(?:me|us)\b|do you know\b)? ?",
    re.IGNORECASE,
)

COMPARE = re.compile(
    r"\b(?:differ(?:s|ed|ent|ence|ences|ently)?|diverg\w*|compar\w+|contrast\w*|versus|vs\.?|disagree\w*|at odds"
    r"|each (?:(?:of (?:them|the \w+)|side|party|state|country|government|capital) )?(?:consider|see|view|think|say|want|hold|believe)\w*)\b",
    re.IGNORECASE,
)
SETTLING = re.compile(
    r"\b(?:settl|resolv|overc[ao]m|bridg|narrow|reconcil|set aside|despite)\w* (?:\w+ ){0,2}differences\b",
    re.IGNORECASE,
)
JOINTLY = re.compile(
    r"^(?:what|how)(?: \w+)? (?:do|does|did) (?:[\w.'’-]+ ){1,5}?and (?:[\w.'’-]+ ){1,5}?(?:think|view|see|regard|consider|believe|want|say)\b",
    re.IGNORECASE,
)
AGREE = re.compile(r"\b(?:agree|agrees|agreed|share(?! of\b)|shared|same|see eye to eye)\b", re.IGNORECASE)
TIMELINE = re.compile(
    r"\b(?:timeline|time line|chronolog\w*|history of|sequence of|in (?:chronological|date|time) order|in order of date"
    r"|date by date|(?:with|by) dates?|come about|key dates|(?:just|only) the dates|what happened (?:between|since|after|before|next|to|from|in|during)"
    r"|(?:list|events?|steps?|milestones?|initiatives?)\b[^?]{0,60}\b(?:since|between|from) (?:\w+ )?\d{4})\b",
    re.IGNORECASE,
)
SUMMARY = re.compile(
    r"\b(?:summar\w+|main (?:points?|argument|idea|message|takeaways?)|key (?:points?|messages?|takeaways?|findings?)"
    r"|overview|gist|tl;?dr|in a nutshell|(?:this|the|that) (?:\w+ ){0,2}(?:commentary|document|report|article|paper|text"
    r"|essay|speech|piece|analysis) (?:is |all )?about)\b|\bwhat (?:is|are|was) (?:this|it|these|they)(?: \w+){0,2} about\b",
    re.IGNORECASE,
)
TEXT = r"(?:commentary|digest|document|report|article|paper|text|essay|speech)"
AUTHORSHIP = re.compile(
    r"\bwho(?: is| are|'s| was)? (?:the )?(?:authors?|writers?|speakers?|speaking)(?: of (?:this|the|that|it)(?: \w+)?)?\W*$"
    rf"|\bwho wrote (?:(?:this|it|the|that)(?: \w+)?(?: and when)?\W*$|(?:this|the|that) (?:\w+ )?{TEXT} (?:on|about)\b)|\bauthor'?s name\b"
    rf"|\bwhen was (?:this|it|(?:this|the) (?:\w+ ){{0,3}}{TEXT}) (?:published|written|issued|released|given|delivered|held)\W*$"
    rf"|\bwho (?:gave|delivered|held|made) (?:this|the|that) {TEXT}\W*$|\bwhose {TEXT} is (?:this|it)\b"
    r"|\b(?:publication date|date of publication)\b|\bwho (?:published|is the publisher)\b"
    rf"|\btitle of (?:this|the) {TEXT}\b",
    re.IGNORECASE,
)
CATALOGUE = re.compile(
    r"\bwhat (?:documents|sources|reports|commentaries|texts) (?:do you|are|have)\b|\bwhat do you know\b"
    r"|\bwhat(?: topics)? (?:can|could|may) (?:i|we|you) (?:ask|answer)\b|\bwhat is indexed\b",
    re.IGNORECASE,
)
ADVICE = re.compile(
    r"\b(?:way forward|recommend\w*|propos(?:e|es|ed|al|als) (?:by|of) the author|the author'?s? (?:\w+ ){0,2}"
    r"(?:propos\w*|suggest\w*|recommend\w*|advi[sc]e\w*|expect\w*|predict\w*|conclu\w*|argu\w*|solution|view|opinion)"
    r"|what (?:should|must|ought)|(?:role|part) should|should (?:\w+ ){1,4}(?:do|play|take))\b",
    re.IGNORECASE,
)
HOLDING = (
    r"(?:think|thinks|thought|say|says|said|believe|believes|believed|want|wants|wanted|claim|claims|claimed|argue|argues|argued"
    r"|allege|alleges|alleged|accuse|accuses|accused|see|sees|saw|view|views|viewed|consider|considers|considered|feel|feels|felt"
    r"|regard|regards|regarded|insist|insists|insisted|demand|demands|demanded|reply|replies|replied|respond|responds|responded"
    r"|react|reacts|reacted|answer|answered|assert|asserts|maintain|maintains|propose|proposes|proposed|advocate|advocates|expect|expects"
    r"|accusing|alleging|arguing|asking for|ask for|asks for|asked for|seek|seeks|sought|seeking|claiming|demanding|proposing|saying|thinking|hope|hopes|hoping|hoped|fear|fears|feared|object|objects|objected|oppose|opposes|opposed|reject|rejects|rejected|take)"
)
POSITION = re.compile(
    r"\b(?:position|positions|view|views|viewpoint|stance|stances|attitude|opinion|opinions|perspective|reaction|reactions"
    r"|response|standpoint|outlook|policy) (?:of|on|to|towards?|about|regarding)\b|\b\w+['’]s? (?:\w+ ){0,2}(?:position|view|views"
    r"|stance|attitude|opinion|reaction|objections?|concerns?|demands?|allegations?|accusations?|policy)\b"
    r"|\b(?:stance|position|opinion|attitude|view) on\b|\b(?:position|positions|views?|stance|attitude|opinion)\W*$"
    rf"|^(?:do|does|did) (?:[\w'’.-]+ ){{1,4}}?(?:think|believe|consider|regard|claim|argue|allege|want)\b"
    rf"|\b(?:what|how)(?: \w+)? (?:do|does|did|was|were|is|are|would) (?:\w+(?:['’]\w*)? ){{1,7}}?{HOLDING}\b"
    r"|\b(?:what|which) (?:[\w'’.-]+ ){1,5}?(?:wanted|demanded|insisted|thought|believed|hoped|expected|feared|sought"
    r"|wants|demands|insists|thinks|believes|hopes|expects|fears|seeks|claims|proposes)\b"
    r"|\baccording to\b|\b\w+ on whether\b",
    re.IGNORECASE,
)
HELD = re.compile(
    r"\b(?:positions?|views?|viewpoint|stances?|attitude|opinions?|reactions?|objections?|concerns?|demands?|allegations?"
    r"|accusations?|policy)$",
    re.IGNORECASE,
)
WHY = re.compile(
    r"\bwhy\b|\bhow come\b|\bwhat (?:caused|led to|explains)\b|\b(?:reasons?|cause|explanation) (?:is |was )?(?:given )?(?:for|of|why)\b"
    r"|\bwhat (?:reasons?|explanation)\b|\bfor what reason\b",
    re.IGNORECASE,
)
MEANING = re.compile(
    r"^(?:what (?:do|does|did) (?:the )?(?P<a>.{1,60}?) (?:mean|stand for|refer to)"
    r"|(?:the )?(?:meaning|definition) of (?:the )?(?P<b>.{1,60}?)|(?P<c>.{1,60}?) (?:meaning|definition|defined)"
    r"|define (?:the )?(?P<d>.{1,60}?)|(?:explain )?(?:what(?:'s|s|’s)|who(?:'s|’s)|(?:what|who) (?:is|are|was|were)) (?:meant by )?"
    r"(?:the |a |an )?(?P<e>[^?]{1,60}?)(?: (?:is|are|was|were))?"
    r"|(?:explain )?(?:what|who) (?:the |a |an )?(?P<f>[^?]{1,60}?) (?:is|are|was|were|means|stands for))(?:,? please)?[?.! ]*$",
    re.IGNORECASE,
)
# "what is the main threat" asks for a fact: a defined thing is a name, an acronym, something quoted, or a short term.
VERBAL = re.compile(
    r"\b(?:of|for|in|on|at|by|with|without|after|before|during|from|to|towards?|about|against|between|that|which|did|does|do|has|have|had|will|would|can|could|should|is|are|was|were"
    r"|and|called|known|referred|main|biggest|most|first|last|next|new|said|say|happened|happen|its|their|his|her|our|my|your)\b",
    re.IGNORECASE,
)
WHEN = re.compile(
    r"\bwhen\b|\b(?:what|which|in what|in which) (?:year|month|date|day|time|decade|century)\b|\b(?:year|date)\s*\??$|\bhow long ago\b"
    r"|\bsince\s*\?*$",
    re.IGNORECASE,
)
WHERE = re.compile(
    r"\bwhere\b|\b(?:what|which) (?:city|place|province|region|location|town|island)\b"
    r"|\b(?:in|to|from|at) (?:what|which) (?:country|countries)\b",
    re.IGNORECASE,
)
NUMBER = re.compile(
    r"\bhow (?:many|much|long|large|big|far|often|old|fast|high|deep|tall)\b|\b(?:what|which) (?:number|percentage|share|proportion|amount|sum|price|cost)\b"
    r"|\bwhat (?:is|was|were) the (?:(?!(?:of|to|on|in|for|from|by|with|and|the)\b)[\w'’.-]+ ){0,3}?"
    r"(?:percentage|proportion|amount|price|population|total|sum)(?= (?:of|in|for|at|by|is|was|paid)\b|\W*$)|\bnumber of\b",
    re.IGNORECASE,
)
WHO = re.compile(
    r"\bwho\b|\bwhom\b|\bwhose\b|\b(?:what|which) (?:person|people|leaders?|president|minister|company|companies|firm|firms"
    r"|organi[sz]ations?|group|groups|team|states?|nations?|country|countries|party|parties|government|agency)\b|\bmembers?\b",
    re.IGNORECASE,
)
NAMED = re.compile(
    r"\b(?:what|which)\b[^?]{1,80}\b(?:called|termed|dubbed|nicknamed|(?:known|referred to) as)\b"
    r"|\b(?:called|termed|dubbed|nicknamed|(?:known|referred to) as) (?:what|which)\b"
    r"|\bwhat [^?]{1,40}\brefer to [^?]{1,40}\bas\b"
    r"|\b(?:what|which) (?:name|nickname)\b|\b(?:what|which)(?: \w+){0,3} (?:term|name|nickname|word) (?:for|of|given to)\b",
    re.IGNORECASE,
)
HOW = re.compile(r"\bhow\b|\bin what way\b", re.IGNORECASE)
YES_NO = re.compile(
    r"^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|isn't|aren't|wasn't|weren't|don't|doesn't"
    r"|didn't|hasn't|haven't)\b|\bwhether\b",
    re.IGNORECASE,
)

QUESTION_WORD = re.compile(r"\b(?:what|which|who|whom|whose|when|where|why|how)\b", re.IGNORECASE)
CLAUSE_FIRST = re.compile(
    r"^(?:when|where|while|if|as|after|before|although|once|since)\b[^?,]{1,120},"
    r"(?= (?:(?:in|on|at|to|from|by|for|with) )?(?:what|which|who|whom|whose|when|where|why|how)\b)",
    re.IGNORECASE,
)
WHAT = re.compile(r"\b(?:what|which)\b", re.IGNORECASE)

FACTS: tuple[tuple[re.Pattern[str], AnswerType | None], ...] = (
    (WHEN, AnswerType.WHEN),
    (NUMBER, AnswerType.NUMBER),
    (WHERE, AnswerType.WHERE),
    (WHO, AnswerType.WHO),
    (NAMED, AnswerType.NAME),
    (HOW, AnswerType.MANNER),
    (YES_NO, AnswerType.YES_NO),
    (WHAT, None),
)


def core(text: str) -> str:
    """The question without its politeness."""
    return POLITE.sub("", text).strip() or text


def read(bare: str, actors: int) -> Reading:
    """The kind of a question without politeness that names ``actors`` known actors."""
    for pattern, reading in PLAIN:
        if pattern.search(bare):
            return reading
    if _compares(bare, actors):
        return Reading(Kind.DIVERGENCE)
    if TIMELINE.search(bare):
        return Reading(Kind.TIMELINE)
    defined = _defined(bare)
    if defined and HELD.search(defined) and (actors or "'" in defined or "’" in defined):
        return Reading(Kind.POSITION)  # "Russia's position", "the American demands"
    if defined:
        who = AnswerType.WHO if bare.lower().startswith("who") else None
        return Reading(Kind.DEFINITION, who, defined)
    return _claim(bare)


PLAIN = (
    (CATALOGUE, Reading(Kind.SUMMARY, AnswerType.CATALOGUE)),
    (AUTHORSHIP, Reading(Kind.FACT, AnswerType.AUTHORSHIP)),
    (SUMMARY, Reading(Kind.SUMMARY)),
)


def _compares(bare: str, actors: int) -> bool:
    """Whether two sides are asked for; "if they settle their differences" asks for none."""
    if COMPARE.search(SETTLING.sub(" ", bare)):
        return True
    return actors > 1 and bool(AGREE.search(bare) or JOINTLY.search(bare))


def _claim(bare: str) -> Reading:
    if WHY.search(bare):
        return Reading(Kind.REASON, AnswerType.REASON)
    if ADVICE.search(bare):
        return Reading(Kind.POSITION, AnswerType.ADVICE)
    wanted = _wanted(bare)
    exact = {AnswerType.WHEN, AnswerType.NUMBER, AnswerType.WHERE, AnswerType.WHO}
    if wanted not in exact and POSITION.search(bare):
        return Reading(Kind.POSITION)
    return Reading(Kind.FACT, wanted)


def _wanted(bare: str) -> AnswerType | None:
    """What the first question word asks for: the "when" of "how old was he when …" asks for nothing.

    Neither does that of "When he left, what …".
    """
    asking = CLAUSE_FIRST.sub("", bare)
    worded = QUESTION_WORD.search(asking)
    start = worded.start() if worded else 0
    found = [
        (match.start(), place, kind)
        for place, (pattern, kind) in enumerate(FACTS)
        for match in pattern.finditer(asking)
        if match.end() > start
    ]
    return min(found, default=(0, 0, None))[2]


def _defined(bare: str) -> str | None:
    match = MEANING.match(bare)
    if not match or ADVICE.search(bare):
        return None
    term = next(group for group in match.groups() if group).strip(" \"'“”‘’?.!")
    asked_outright = match.lastgroup not in ("e", "f")
    if not term or len(term.split()) > 6:
        return None
    return term if asked_outright or not VERBAL.search(term) else None
