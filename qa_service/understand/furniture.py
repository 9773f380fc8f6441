"""Words that shape a question but name nothing in the answer, and words that weigh little in it."""

from qa_service.domain.question import Kind

FURNITURE = frozenset(
    """
    whose name names please tell could would give gave given many much long often kind type sort describe explain
    called termed dubbed nicknamed known know say list whats wonder grateful mean happen happened exactly actually really ever
    anything something everything anyone someone everyone anybody somebody everybody whether
    shorter longer briefly brief details
    author commentary document report article text paper according
    """.split()
)
# Words that say which kind of answer is wanted: they are not looked for in the text.
KIND_FURNITURE = {
    Kind.DIVERGENCE: frozenset(
        """
        differ differs differed difference differences different differently diverge divergence divergences divergent
        compare compared comparison contrast contrasts versus vs disagree disagrees disagreed disagreement agree odds
        view views viewed position positions stance stances opinion opinions opposing each side sides way
        consider considers considered think thinks see sees main outlook outlooks perspective perspectives
        """.split()
    ),
    Kind.TIMELINE: frozenset(
        """
        timeline time line chronology chronological chronologically history sequence order date dates dated key event
        events step steps milestone milestones main set come came kind since between from start end
        """.split()
    ),
    Kind.POSITION: frozenset(
        """
        position positions view views viewpoint stance stances attitude opinion opinions perspective reaction
        reactions standpoint think thinks thought feel feels felt say says said consider considers believe believes
        believed want wants wanted response policy
        """.split()
    ),
    Kind.REASON: frozenset("reason reasons cause caused explanation explains given".split()),
    Kind.DEFINITION: frozenset("meaning means definition define defined stand refer meant term".split()),
    Kind.SUMMARY: frozenset("summary summarise summarize main points point overview gist".split()),
}
# Content words that half of all sentences could hold; they count for a third (answering: FRAME, weight .35).
FRAME = frozenset(
    """
    name type way happen think say believe amount percentage year person people role position reason purpose meaning
    main important part kind thing time place number group use used make made take took work part state become became
    first last new major many several various different certain general call cause effect result lead led begin began
    start end big great large small high low good bad example case point area field world country nation process
    situation issue problem question fact form level member system change increase develop development action
    statement attempt effort event approach refer
    """.split()
)
FRAME_WEIGHT = 0.35
