"""The words that show that someone holds or says something, as data; a word form gives its cue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qa_service.domain.annotation import PositionKind


@dataclass(frozen=True, slots=True)
class Cue:
    """A verb form. ``form`` is base, s, past or ing; ``needs`` names what has to follow."""

    lemma: str
    form: str
    kind: PositionKind
    needs: str


def words(*lines: str) -> frozenset[str]:
    """The words of the lines."""
    return frozenset(word for line in lines for word in line.split())


# What has to follow the verb: "" nothing; that: a clause or a quotation; to: an infinitive or a clause;
# as: "as" later in the clause; a word or words: that word next (call for); object: a noun phrase.
_VERBS: Mapping[tuple[PositionKind, str], str] = {
    (PositionKind.STATEMENT, ""): (
        "say argue insist warn announce suggest vow urge acknowledge contend testify conclude complain "
        "stress emphasize emphasise reiterate concede admit caution predict reaffirm proclaim pledge lament "
        "declare boast reply"
    ),
    (PositionKind.STATEMENT, "that"): (
        "tell state claim note estimate report indicate reveal signal maintain recall observe remark mention "
        "confirm affirm explain write counter repeat continue add assert imply show "
        "respond disclose outline respond "
        "assess opine echo swear rule hold"
    ),
    (PositionKind.STATEMENT, "to"): "promise agree offer",
    (PositionKind.STATEMENT, "of about"): "speak talk",
    (PositionKind.STATEMENT, "out to"): "point",
    (PositionKind.VIEW, ""): (
        "believe think consider view regard deem perceive suspect fear doubt favor favour advocate oppose "
        "criticize criticise denounce condemn deplore decry welcome praise hail applaud endorse disagree"
    ),
    (PositionKind.VIEW, "that"): "find recognize recognise understand judge feel assume realize realise",
    (PositionKind.VIEW, "to"): "hope expect prefer intend plan want",
    (PositionKind.VIEW, "as"): (
        "see treat describe characterize characterise portray label brand interpret depict cast"
    ),
    (PositionKind.VIEW, "object"): "support accept defend question challenge protest want",
    (PositionKind.VIEW, "in"): "believe",
    (PositionKind.DEMAND, ""): "demand propose recommend",
    (PositionKind.DEMAND, "to"): "ask seek threaten",
    (PositionKind.DEMAND, "for on"): "call push press",
    (PositionKind.REFUSAL, ""): "refuse reject snub rebuff",
    (PositionKind.REFUSAL, "to"): "decline object",
    (PositionKind.REFUSAL, "object"): "resist",
    (PositionKind.REFUSAL, "out"): "rule",
    (PositionKind.ALLEGATION, ""): "allege accuse blame",
    (PositionKind.ALLEGATION, "that"): "charge",
    (PositionKind.DENIAL, ""): "deny rebut refute dispute",
    (PositionKind.DENIAL, "object"): "dismiss",
    (PositionKind.ACT, "to"): "attempt try",
}
_IRREGULAR = {
    "say": "said", "tell": "told", "think": "thought", "see": "saw seen", "find": "found", "feel": "felt",
    "hold": "held", "speak": "spoke spoken", "write": "wrote written", "understand": "understood",
    "swear": "swore sworn", "seek": "sought", "deny": "denied", "decry": "decried", "cast": "cast",
    "show": "showed shown", "imply": "implied", "testify": "testified", "reply": "replied", "try": "tried",
}  # fmt: skip
_DOUBLED = words("plan rebut admit snub")

ADJECTIVES: Mapping[str, PositionKind] = dict.fromkeys(
    "hesitant reluctant unwilling".split(" "), PositionKind.REFUSAL
) | dict.fromkeys(
    "willing ready prepared opposed committed sceptical skeptical concerned worried wary determined eager "
    "adamant convinced confident afraid doubtful critical supportive suspicious keen averse optimistic "
    "pessimistic unsure".split(" "),
    PositionKind.VIEW,
)

_NOUN_KINDS: Mapping[PositionKind, str] = {
    PositionKind.REFUSAL: "refusal rejection unwillingness",
    PositionKind.DEMAND: "insistence demand demands call proposal proposals pressure warning threat",
    PositionKind.ALLEGATION: "allegation allegations accusation accusations",
    PositionKind.DENIAL: "denial",
    PositionKind.VIEW: (
        "view views stance objection objections opposition concern concerns belief assessment outlook "
        "perspective criticism fear fears suspicion suspicions discomfort willingness readiness desire hope "
        "hopes preference advocacy misgivings"
    ),
    PositionKind.ACT: "attempt attempts effort efforts",
    PositionKind.STATEMENT: "claim claims assertion assertions contention pledge complaint position",
}
NOUNS: Mapping[str, PositionKind] = {
    noun: kind for kind, nouns in _NOUN_KINDS.items() for noun in nouns.split(" ")
}

AUXILIARIES = words(
    "is are was were be been being has have had having do does did",
    "will would can cannot could may might must",
    "shall should isn't aren't wasn't weren't hasn't haven't hadn't don't",
    "doesn't didn't won't wouldn't can't",
)
BE = words("is are was were be been being isn't aren't wasn't weren't remain remains remained grew became",
           "seem seems seemed appeared appears")  # fmt: skip
MODALS = words("could may might should can cannot must")
ADVERBS = words(
    "not never also now still then thus therefore already always often even",
    "just only both each all again too",
    "meanwhile moreover furthermore finally additionally simultaneously nonetheless consequently likewise",
    "once soon long ever further instead however nevertheless rather in-turn first later yet",
)
PREPOSITIONS = words(
    "in on at by of for with to from under over after before during since against about into near between",
    "among through without within despite toward towards following until upon regarding amid across behind",
    "beyond notwithstanding concerning around via considering",
)
DETERMINERS = words("the a an this that these those its their his her our your my any some no every such")
SUBORDINATORS = words(
    "that when if because while although though after before since which who whose whom where whether as",
    "until unless what how why whereas than once",
)
CONTRAST = (
    "on the contrary", "on the other hand", "however", "by contrast", "in contrast", "conversely", "yet",
    "but", "meanwhile", "for its part", "for their part", "for his part", "nevertheless", "nonetheless",
    "instead", "still",
)  # fmt: skip
ADDITIVE = (
    "moreover", "in addition", "furthermore", "second", "secondly", "third", "thirdly", "finally", "besides",
    "additionally", "also",
)  # fmt: skip
#: Things said: "rejects such allegations" answers the sentence before.
SAYINGS = words(
    "allegation allegations claim claims accusation accusations proposal proposals charge charges demand",
    "demands suggestion suggestions argument arguments criticism concerns offer request assertion assertions",
)
#: Of these, what is not denied but refused.
OFFERS = words("proposal proposals demand demands suggestion suggestions offer request")
#: Nouns for people and bodies that can hold a view.
ROLES = words(
    "government governments administration administrations official officials leader leaders leadership",
    "analyst analysts expert experts critic critics observer observers diplomat diplomats negotiator",
    "negotiators spokesman spokeswoman spokesperson spokespersons president premier minister ministers",
    "ministry ambassador envoy envoys secretary general chief chiefs commander commanders military army",
    "forces troops authorities regime parliament senate congress lawmakers lawmaker senators senator",
    "representatives representative delegates delegate delegation committee council commission court board",
    "agency department party parties movement faction group groups coalition allies ally side sides people",
    "public voters scholars scholar researchers researcher scientists economists economist historians",
    "activists residents citizens workers farmers companies company firm firms bank banks industry investors",
    "countries country nations nation states state powers power partners partner members member alliance",
    "organization organisation organizations union unions opposition insurgents rebels militants fighters",
    "soldiers generals advisers adviser advisors advisor aides aide intellectuals journalists commentators",
    "policymakers planners strategists judge judges prosecutors lawyers counsel director",
    "chairman chairwoman chair head heads king queen prince emir mullah chancellor governor governors mayor",
    "team staff applicants applicant successor counterpart counterparts supporters opponents inspectors",
    "republicans democrats conservatives liberals communists nationalists politicians campaigners majority",
)
#: Lower-case words inside a noun phrase besides those.
MODIFIERS = words(
    "former then new late most many some several few senior top high-ranking leading chief prime deputy vice",
    "current acting foreign defence defense interior other both two three all the a an its their his her",
    "certain various local regional western european arab central allied military civil civilian interim",
    "own first then-president special supreme federal national international independent outside key then-",
)
#: Capitalised things that hold no views of their own.
THINGS = words(
    "act treaty treaties report plan agreement agreements accord",
    "accords sidebar resolution doctrine protocol",
    "convention charter constitution declaration initiative conference summit war",
    "wars crisis coup movement's",
    "article section title chapter table figure appendix talks",
    "negotiations program programme policy strategy",
    "revolution invasion agenda statement letter bill law framework study data survey olympics bombing test",
    "opinion opinions assessment assessments reports review notice index letters statements bills laws",
    "studies",
    "debate debates",
    "speech missile weapon weapons system systems zone basin ocean sea valley process election elections",
)
PRONOUNS = words("he she it they")


def _forms(lemma: str) -> Iterable[tuple[str, str]]:
    yield lemma, "base"
    sibilant = lemma.endswith(("s", "sh", "ch", "x", "z"))
    y = lemma.endswith("y") and lemma[-2] not in "aeo"
    yield (lemma[:-1] + "ies" if y else lemma + ("es" if sibilant else "s")), "s"
    stem = lemma + lemma[-1] if lemma in _DOUBLED else lemma
    yield (stem[:-1] if lemma.endswith("e") and not lemma.endswith("ee") else stem) + "ing", "ing"
    if lemma in _IRREGULAR:
        yield from ((form, "past") for form in _IRREGULAR[lemma].split(" "))
    else:
        yield stem + ("d" if lemma.endswith("e") else "ed"), "past"


def _table() -> dict[str, tuple[Cue, ...]]:
    table: dict[str, list[Cue]] = {}
    for (kind, needs), lemmas in _VERBS.items():
        for lemma in lemmas.split(" "):
            for form, name in _forms(lemma):
                table.setdefault(form, []).append(Cue(lemma, name, kind, needs))
    return {form: tuple(cues) for form, cues in table.items()}


VERBS = {form: cues for form, cues in _table().items() if form not in PREPOSITIONS}
