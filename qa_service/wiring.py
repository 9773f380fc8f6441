"""The only place that chooses engines: settings in, a service that can answer and ingest out."""

import hashlib
import logging
import math
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from importlib import resources
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from qa_service import packing
from qa_service.annotate.aliases import Aliases, load_aliases
from qa_service.answering import Desk
from qa_service.compose import Composition, Templates
from qa_service.conversing import Conversing
from qa_service.domain.edition import Edition
from qa_service.domain.errors import MovedError, SettingsError
from qa_service.domain.pack import Pack
from qa_service.domain.ports import (
    Arrivals,
    Conversations,
    Deliveries,
    Keys,
    Opinions,
    Searcher,
    Sessions,
    Size,
    Snapshot,
    Tallies,
)
from qa_service.remembering import Answering
from qa_service.search.analysis import EnglishAnalyser
from qa_service.search.bm25 import Bm25Searcher
from qa_service.select import Selection, Synonyms, load_synonyms
from qa_service.settings import Settings
from qa_service.sources import fingerprint
from qa_service.store.changing import Unfollowed
from qa_service.store.engine import frozen
from qa_service.store.in_file import InFile
from qa_service.store.recording import Recording
from qa_service.store.tallying import Tallying
from qa_service.understand import LocalNames, Understanding

if TYPE_CHECKING:
    from qa_service.fetch import Fetcher
    from qa_service.following import Following
    from qa_service.indexing import Indexing, Progress
    from qa_service.ingest import Limits
    from qa_service.search.embedded import EmbeddedIndex
    from qa_service.store.opensearch.in_cluster import InCluster
    from qa_service.store.opensearch.store import OpenSearchStore
    from qa_service.store.sqlite import SqliteStore
    from qa_service.visiting import Listener, Visiting

log = logging.getLogger(__name__)
# Passages that are all ranked in memory: 3,000 are about 200 commentaries, and take under 4 ms a search.
MOST_IN_MEMORY = {"auto": 3000, "memory": math.inf, "tantivy": 0, "opensearch": 0}
# What decides what is stored beside a text: packages, and the modules that cut words.
DERIVED_BY = ("chunk", "annotate", "search/analysis.py", "search/irregular.py", "search/stopwords.py")


class Service:
    """Everything one process needs, made when first asked for."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.analyser = EnglishAnalyser()
        self._opened: Desk | None = None

    @cached_property
    def aliases(self) -> Aliases:
        """The actors' names."""
        try:
            return load_aliases(self.settings.aliases)
        except (OSError, ValueError) as error:
            raise SettingsError(f"QA_ALIASES: {error}") from error

    @cached_property
    def synonyms(self) -> Synonyms:
        """Words that mean the same to a reader."""
        return load_synonyms(self.settings.synonyms, self.analyser)

    @cached_property
    def kept(self) -> "InFile | InCluster":
        """All that is kept where QA_STORE says."""
        settings = self.settings
        if settings.address is None:
            kept = InFile(settings.store_path, settings.secret_path)
            if kept.warning:
                log.warning("%s", kept.warning)
            return kept
        from qa_service.store.opensearch.in_cluster import InCluster  # noqa: PLC0415

        with suppress(OSError):  # who makes the first key is told
            settings.secret_path.parent.mkdir(parents=True, exist_ok=True)
        return InCluster(settings.address, settings.secret_path)

    @cached_property
    def store(self) -> "SqliteStore | OpenSearchStore":
        """The documents."""
        return self.kept.store(derivation(self.settings))

    @cached_property
    def templates(self) -> Templates:
        """The templates of prompts/."""
        return Templates(self.settings.prompts)

    @property
    def limits(self) -> "Limits":
        """What reading a file may take."""
        from qa_service.ingest import Limits  # noqa: PLC0415

        return Limits(
            file_bytes=self.settings.ingest_file_bytes,
            parser_seconds=self.settings.ingest_seconds,
            parser_memory_bytes=self.settings.ingest_memory_bytes,
        )

    @cached_property
    def indexing(self) -> "Indexing":
        """Puts documents into the store. Imported when asked for: a worker that only answers needs none."""
        from qa_service.deriving import Deriving  # noqa: PLC0415
        from qa_service.indexing import Indexing  # noqa: PLC0415

        deriving = Deriving(self.analyser, self.aliases)
        follower = self.following.telling if self.settings.address is None else Unfollowed
        return Indexing(deriving, self.store, self.limits, follower, self.arrivals)

    @cached_property
    def fetcher(self) -> "Fetcher":
        """The one way to the public web. Imported when asked for: only the command line does."""
        from qa_service.fetch import Fetcher  # noqa: PLC0415

        return Fetcher(most_bytes=self.settings.ingest_file_bytes)

    def visiting(self, listener: "Listener", most: int) -> "Visiting":
        """Reads what stands at addresses, of a list at most so many entries."""
        from qa_service.visiting import Visiting  # noqa: PLC0415

        return Visiting(fetch=self.fetcher.fetch, limits=self.limits, listener=listener, most=most)

    @cached_property
    def answering(self) -> Answering:
        """Answers from the store."""
        record = self.recording.record if self.settings.record_answers else None
        return Answering(self.store, self._open_desk, self.settings.remembered_answers, record)

    @cached_property
    def recording(self) -> Recording:
        """What was answered, kept in the store."""
        return Recording(self.kept.answers(self.settings.answer_days))

    @cached_property
    def conversations(self) -> Conversations:
        """Conversations that the service keeps."""
        return self.kept.conversations(self.settings.conversation_days)

    @cached_property
    def opinions(self) -> Opinions:
        """What readers think of answers."""
        return self.kept.opinions()

    @cached_property
    def keys(self) -> Keys:
        """API keys."""
        return self.kept.keys()

    @cached_property
    def sessions(self) -> Sessions:
        """Who is signed in at the desk."""
        return self.kept.sessions()

    @cached_property
    def tallies(self) -> Tallies:
        """Counts by the hour."""
        return self.kept.tallies()

    @cached_property
    def tallying(self) -> Tallying:
        """What this process counts for them."""
        return Tallying(self.tallies)

    @cached_property
    def arrivals(self) -> Arrivals:
        """What became of files."""
        return self.kept.arrivals()

    @cached_property
    def conversing(self) -> Conversing:
        """Answers within conversations."""
        return Conversing(self.answering, self.conversations, self.settings.history_questions)

    @cached_property
    def deliveries(self) -> Deliveries:
        """Which messages of a chat have been taken on."""
        return self.kept.deliveries()

    def pack(self, answer: Mapping[str, Any]) -> Pack:
        """The evidence pack of an answer object. Raises GoneError when what it quotes is gone."""
        return self.answering.read(lambda desk: packing.pack(answer, desk.edition, self.store.original))

    def prepare(self, progress: "Progress | None" = None) -> None:
        """Make the store ready: the default one follows sources.toml, any is derived by today's rules."""
        options = {"progress": progress} if progress else {}
        if self.store.stale():
            self.indexing.refresh()
        sources = self.settings.sources
        if self.settings.bundled and self.store.note("sources") != fingerprint(sources):
            self.indexing.follow(sources, **options)
        if self.settings.address is None and self._followed(self.store.snapshot().size):
            with suppress(MovedError):  # another process is publishing: who reads next catches up
                self.following.catch_up()
        self.templates  # noqa: B018 - a missing template is found before the first question

    def close(self) -> None:
        """Write what waits to be recorded, and release the store."""
        for name in ("recording", "tallying", "kept", "store"):
            opened = vars(self).pop(name, None)
            if opened is not None:
                opened.close()

    def open(self) -> None:
        """Read the index now, so that processes forked from this one share it."""
        with suppress(MovedError):  # published anew meanwhile: each process reads it for itself
            self._opened = self._open_desk()

    def _open_desk(self) -> Desk:
        opened, self._opened = self._opened, None  # of use once: a later version takes its place
        if opened is not None and opened.edition.snapshot.moment == self.store.moment():
            return opened
        snapshot = self.store.snapshot()
        edition = Edition(snapshot, self._searcher(snapshot))
        names = LocalNames(self.aliases, snapshot, self.analyser)
        return Desk(
            edition,
            Understanding(self.analyser, names, snapshot, self.synonyms.meanings),
            Selection(edition, self.analyser, names, self.synonyms),
            Composition(self.templates),
        )

    def _searcher(self, snapshot: Snapshot) -> Searcher:
        if not self._followed(snapshot.size):
            return Bm25Searcher(snapshot)
        from qa_service.search.candidates import CandidateSearcher  # noqa: PLC0415

        source = self.store.candidates(snapshot) or self.following.source(snapshot)
        return CandidateSearcher(snapshot, source)

    def _followed(self, size: Size) -> bool:
        """Whether candidates come from an index, the cluster or beside the file; less is ranked in memory."""
        return size.passages > MOST_IN_MEMORY[self.settings.candidates] and not self.frozen

    def hasten(self) -> None:
        """From now on somebody waits for what this process asks of a cluster: that there is no answer is told
        soon. Who ingests waits longer."""
        if not isinstance(self.kept, InFile):
            self.kept.hasten()

    @property
    def frozen(self) -> bool:
        """Whether the store is a file on a read-only disk: it is answered from, and nothing is recorded."""
        return self.settings.address is None and frozen(self.settings.store_path)

    def candidates(self, size: Size) -> str:
        """Where the passages come from that are ranked, in a store of this size."""
        beyond = "tantivy" if self.settings.address is None else "opensearch"
        return beyond if self._followed(size) else "memory"

    @cached_property
    def following(self) -> "Following":
        """The candidate index that follows the store."""
        from qa_service.following import Following  # noqa: PLC0415

        return Following(self.store, self._embedded, self._followed)

    def _embedded(self) -> "EmbeddedIndex":
        from qa_service.search.embedded import EmbeddedIndex  # noqa: PLC0415

        path = self.settings.store_path
        return EmbeddedIndex(path.with_name(f"{path.name}.candidates"))


def derivation(settings: Settings) -> str:
    """A name for the rules that derive passages and annotations: the code that does, and the alias table."""
    digest = hashlib.sha256()
    package = resources.files("qa_service")
    for name in DERIVED_BY:
        found = package.joinpath(name)
        files = found.iterdir() if found.is_dir() else [found]
        for file in sorted(files, key=lambda one: one.name):
            if file.name.endswith(".py"):
                digest.update(file.read_bytes())
    for library in ("syntok", "pystemmer"):
        digest.update(version(library).encode())
    digest.update(settings.aliases.read_bytes() if settings.aliases.is_file() else b"")
    return digest.hexdigest()[:16]
