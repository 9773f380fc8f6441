"""A message becomes a Question: cleaned, made to stand alone, its kind read, its words weighed."""

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import pairwise

from qa_service.domain.annotation import Mention
from qa_service.domain.directory import EntryKind
from qa_service.domain.ports import ActorNames, Analyser, Snapshot, Token
from qa_service.domain.question import Kind, Message, Question, Term
from qa_service.domain.sounds import sound
from qa_service.understand.attention import UNKNOWN, asked_by, remembered
from qa_service.understand.attention import read as noticed
from qa_service.understand.cleaning import clean
from qa_service.understand.followups import Resolved, resolve, standing
from qa_service.understand.furniture import FRAME, FRAME_WEIGHT, FURNITURE, KIND_FURNITURE
from qa_service.understand.kinds import WHAT, Reading, core, read
from qa_service.understand.once import NamesOnce
from qa_service.understand.small_talk import is_small_talk
from qa_service.understand.spelling import CORRECTED_WEIGHT, Spelling
from qa_service.understand.splitting import is_question, split
from qa_service.understand.titles import naming, titles, within
from qa_service.understand.windows import window

OPEN = frozenset({Kind.TIMELINE, Kind.DIVERGENCE, Kind.POSITION, Kind.SUMMARY})  # may be asked of everything
PLAIN = Reading(Kind.FACT)  # neither a kind nor what the answer holds is told
WHAT_ABOUT = re.compile(r"^(?:and |but |so )?(?:what|how) about\b", re.IGNORECASE)
NOW = re.compile(
    r"\b(?:now|nowadays|currently|today|at present|presently|these days|this (?:year|month|week)|latest)\b",
    re.IGNORECASE,
)
REFERENT_WEIGHT = 0.5  # of words that a follow-up borrows: measured best in every set


@dataclass(frozen=True)
class Understanding:
    """Reads messages with the words of one index. ``meanings`` are groups that stems belong to: such a stem
    is no slip, but it may be another spelling ("programme").
    """

    analyser: Analyser
    names: ActorNames
    snapshot: Snapshot
    meanings: Mapping[str, Set[int]] = field(default_factory=dict)

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(self.snapshot)

    def questions(self, message: Message) -> tuple[Message, ...]:
        """The message, or one message for each question in it; earlier ones are history for later ones."""
        asked = split(noticed(clean(message.text)))
        if len(asked) == 1:
            return (message,)
        return tuple(
            replace(message, text=text, history=(*message.history, *asked[:place]))
            for place, text in enumerate(asked)
        )

    def left(self, message: Message) -> tuple[str, ...]:
        """The questions of a message that are too many, or too long together, to be answered with others."""
        text = clean(within(message, self.snapshot)[0].text)
        read, every = split(noticed(text)), split(text, most=None)
        left = (one for one in every if is_question(one) and not one.endswith(read))
        return tuple(left) if len(every) > 1 else ()

    def asked(self, message: Message) -> list[Question]:
        """The Question in the message, or each of those in it; what they share is read once."""
        names, heard = NamesOnce(self.names), cache(_heard)
        self._foresee(message, heard)
        message, named = within(message, self.snapshot)
        alone = standing(names, self._content_words)
        parts = self.questions(message)
        return [naming(self._understood(part, names, alone, heard), named) for part in parts]

    def question(self, message: Message) -> Question:
        """The Question in ``message``. Never raises: what cannot be understood has no terms."""
        heard = cache(_heard)
        self._foresee(message, heard)
        message, named = within(message, self.snapshot)
        alone = standing(self.names, self._content_words)
        return naming(self._understood(message, self.names, alone, heard), named)

    def _understood(
        self, message: Message, names: ActorNames, alone: Callable[[str], bool], heard: Callable[[str], str]
    ) -> Question:
        text = heard(message.text)
        if is_small_talk(text):
            return Question(asked=message.text, standalone=text, kind=Kind.SMALL_TALK)
        history = remembered(message.history, heard)
        resolved = resolve(text, history, names, alone)
        mentions = names.mentions(resolved.text, typed=True)
        reading = self._read(WHAT_ABOUT.sub("", resolved.text), mentions)
        if resolved.last and reading == PLAIN and not WHAT.search(WHAT_ABOUT.sub("", resolved.text)):
            last = self._read(resolved.last, names.mentions(resolved.last, typed=True))
            reading = last if last.kind in OPEN else reading  # "What about the gauges?"
        return self._question(message, resolved, reading, mentions)

    def _foresee(self, message: Message, heard: Callable[[str], str]) -> None:
        texts = [heard(message.text), *remembered(message.history, heard)]
        tokens = [token for text in texts for token in self.analyser.tokens(text)]
        keys = [(EntryKind.SURFACE, token.word) for token in tokens]
        keys += [(EntryKind.TITLE, title) for title in titles(texts[0])]
        self.snapshot.foresee([token.stem for token in tokens], keys)

    def _read(self, text: str, mentions: Sequence[Mention]) -> Reading:
        return read(core(text), len({mention.actor for mention in mentions}))

    def about(self, kind: Kind, words: str) -> Question:
        """The Question of a kind that is asked by its topic alone, as in a field of a form."""
        text = noticed(clean(words))
        mentions = self.names.mentions(text, typed=True)
        return self._question(Message(text=words), Resolved(text), Reading(kind), mentions)

    def _question(
        self,
        message: Message,
        resolved: Resolved,
        reading: Reading,
        mentions: tuple[Mention, ...],
    ) -> Question:
        tokens = self.analyser.tokens(resolved.text)
        bare = core(resolved.text)
        own = self._content(self.analyser.tokens(bare), reading.kind)
        borrowed = self._content(self.analyser.tokens(resolved.referent), reading.kind)
        corrected = self._corrected((*own, *borrowed))
        terms = _terms(own, 1.0, corrected) + _terms(borrowed, REFERENT_WEIGHT, corrected)
        corrections = tuple(
            (token.stem, corrected[token.stem]) for token in (*own, *borrowed) if token.stem in corrected
        )
        actors = self._actors(mentions, resolved, corrections)
        return Question(
            asked=message.text,
            standalone=resolved.standalone,
            kind=reading.kind,
            core=bare,
            answer_type=reading.answer_type,
            terms=asked_by(terms),
            pairs=tuple(pairwise(token.stem for token in own)),
            words=tuple(token.word for token in tokens),
            names=_names(resolved.text, tokens, mentions),
            numbers=tuple(token.word for token in tokens if token.word[0].isdigit()),
            actors=actors,
            actor_stems=self._actor_stems(actors),
            corrections=corrections,
            defined=reading.defined,
            window=window(resolved.text),
            now=bool(NOW.search(bare)),
            documents=message.documents,
        )

    def _content_words(self, text: str) -> int:
        return sum(token.content and token.word not in FURNITURE for token in self.analyser.tokens(text))

    def _content(self, tokens: Sequence[Token], kind: Kind) -> list[Token]:
        skipped = FURNITURE | KIND_FURNITURE.get(kind, frozenset())
        content = [token for token in tokens if token.content and token.word not in FURNITURE]
        topic = [token for token in content if token.word not in skipped]
        return topic or ([] if kind in OPEN else content)

    def _corrected(self, tokens: Sequence[Token]) -> dict[str, str]:
        """The documents' spelling of the words that they lack, or have by a slip, and that name nobody."""
        unknown: dict[str, Token] = {}
        for token in tokens:
            if self._may_be_slip(token) and not self.names.actor(token.word.title()):
                unknown.setdefault(token.stem, token)
        found = ((token.stem, self._likest(token)) for token in list(unknown.values())[:UNKNOWN])
        return {stem: likest for stem, likest in found if likest and self._may_mean(stem, likest)}

    def _may_mean(self, stem: str, likest: str) -> bool:
        meant = self.meanings.get(stem)
        return meant is None or not meant.isdisjoint(self.meanings.get(likest, ()))

    def _may_be_slip(self, token: Token) -> bool:
        known = self.snapshot.holding(token.stem).passages > 0
        return not (known and token.capital) and self._spelling.doubtful(token.stem)

    def _likest(self, token: Token) -> str | None:
        key = sound(token.stem) if token.capital else ""
        other = self.snapshot.sounding(key) if key else None
        return other or self._spelling.likest(token.stem)

    def _actors(
        self, mentions: Sequence[Mention], resolved: Resolved, corrections: Sequence[tuple[str, str]]
    ) -> tuple[str, ...]:
        found = [mention.actor for mention in mentions]
        spelled = (self.names.actor(known.title()) for _, known in corrections)
        found += [actor for actor in spelled if actor]
        if not found:
            found = [mention.actor for mention in self.names.mentions(resolved.referent, typed=True)]
        return tuple(dict.fromkeys(found))

    def _actor_stems(self, actors: Sequence[str]) -> frozenset[str]:
        surfaces = (surface for actor in actors for surface in self.names.names(actor))
        return frozenset(token.stem for surface in surfaces for token in self.analyser.tokens(surface))


def _heard(text: str) -> str:
    """What is read of a message."""
    return noticed(clean(text))


def _terms(tokens: Sequence[Token], weight: float, corrected: Mapping[str, str]) -> list[Term]:
    terms: list[Term] = []
    for token in tokens:
        frame = FRAME_WEIGHT if token.word in FRAME or token.stem in FRAME else 1.0
        certain = CORRECTED_WEIGHT if token.stem in corrected else 1.0
        stem = corrected.get(token.stem, token.stem)
        terms.append(Term(stem=stem, weight=weight * frame * certain))
    return terms


def _names(text: str, tokens: Sequence[Token], mentions: Sequence[Mention]) -> tuple[str, ...]:
    """Capitalised words, as typed, that no alias explains, the first word of the message left out."""
    covered = [(mention.start, mention.end) for mention in mentions]
    return tuple(
        text[token.start : token.end]
        for token in tokens[1:]
        if token.capital and token.content and not any(start <= token.start < end for start, end in covered)
    )
