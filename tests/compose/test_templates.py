import os
import re
import shutil
from dataclasses import fields, replace
from pathlib import Path

import pytest

from qa_service.compose import contexts
from qa_service.compose.contexts import (
    Cited,
    Context,
    DivergenceContext,
    Entry,
    EventContext,
    FollowUpsContext,
    IssueRow,
    Line,
    MessageContext,
    PartContext,
    QuotesContext,
    RefusalContext,
    SeveralContext,
    SmallTalkContext,
    Source,
    StatementContext,
    SuggestionsContext,
    TimelineContext,
)
from qa_service.compose.templates import REQUIRED, Markdown, Templates, escape
from qa_service.domain.answer import RefusalReason
from qa_service.domain.errors import SettingsError
from qa_service.settings import load

PROMPTS = load({}).prompts
GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "prompts"
REWRITE = "GOLDEN"  # environment variable; see tests/README.md


def line(text: str, *numbers: int, speaker: str | None = None) -> Line:
    told = f"{speaker}: “{text}”" if speaker else f"“{text}”"
    marks = Markdown("".join(f"[{number}]" for number in numbers))
    return Line(text=told, quote=text, marks=marks, speaker=speaker)


DAM = line("The dam protects the valley.", 1, speaker="Norway")
FARMS = line("The dam starves its farmers.", 2, speaker="Sweden")
TALKS = line("On 3 May 2017, talks opened.", 3)
TRICKY = line("No *treaty* [1] can | be_kept <b>in</b> the `dark` &lt; R&D\\.", 4)
SOURCES = (
    Source(title="Low Water", author="Ingrid Vale", publisher="Review", date="14 September 2021"),
    Source(title="Notes [draft] of a *river*", author=None, publisher=None, date=None),
)
CITED = Cited(
    number=1,
    title="Low Water",
    author="Ingrid Vale",
    publisher="Review",
    date="14 September 2021",
    section="The dam",
    page=None,
    quote="The dam protects the valley.",
    link=Markdown("https://example.org/low_water#:~:text=The%20dam"),
)
TITLES = ("Low Water", "Notes of a *river*")


def quotes(short: str | None, *lines: Line) -> QuotesContext:
    return QuotesContext(short=short, verdict=None, now=False, lines=lines, sources=SOURCES[:1])


def refusal(reason: RefusalReason, *missing: str) -> RefusalContext:
    return RefusalContext(reason=reason.value, missing=missing, nearest=2, titles=TITLES)


EXAMPLES: dict[str, tuple[str, Context]] = {
    "statement of the author": ("statement", StatementContext(quote="A [1] *b*.", speaker=None)),
    "statement of a speaker": ("statement", StatementContext(quote="The dam.", speaker="Norway")),
    "event of a day": (
        "event",
        EventContext(
            quote="On 3 May 2017, *talks* opened.",
            wording="3 May 2017",
            approximate=False,
            first="3 May 2017",
            last="3 May 2017",
            title="Notes [draft]",
            author=None,
            published=None,
        ),
    ),
    "event of some months": (
        "event",
        EventContext(
            quote="In early 2020, Sweden left.",
            wording="early 2020",
            approximate=True,
            first="1 January 2020",
            last="30 April 2020",
            title="Low Water",
            author="Ingrid Vale",
            published="14 September 2021",
        ),
    ),
    "fact with a short answer": ("fact", quotes("3 May 2017", TALKS, DAM)),
    "fact without a short answer": ("fact", quotes(None, TRICKY)),
    "definition": ("definition", quotes(None, DAM)),
    "definition with a short answer": ("definition", quotes("a treaty", DAM)),
    "reason": ("reason", quotes("because of *floods*", DAM)),
    "position": ("position", quotes(None, DAM, FARMS)),
    "several": (
        "several",
        SeveralContext(
            parts=(
                PartContext(question="Why is *the dam* there?", text=Markdown("“For the *valley*.” [1]")),
                PartContext(question="And since when?", text=Markdown("**1962** [2]")),
            )
        ),
    ),
    "several with one that was too many": (
        "several",
        SeveralContext(
            parts=(PartContext(question="And since when?", text=Markdown("**1962** [1]")),),
            left=("Who built *the dam*?",),
        ),
    ),
    "several with some that were too many": (
        "several",
        SeveralContext(
            parts=(PartContext(question="And since when?", text=Markdown("**1962** [1]")),),
            left=("Who built *the dam*?", "Who paid?"),
        ),
    ),
    "message with sources": (
        "message",
        MessageContext(
            text=Markdown("“The dam protects the valley.” [1]"), cited=(CITED,), nearest=(), suggestions=()
        ),
    ),
    "message of a refusal": (
        "message",
        MessageContext(
            text=Markdown("These documents do not say."),
            cited=(),
            nearest=(replace(CITED, title="Notes [draft]", page=4),),
            suggestions=("What is the *SFA*?",),
        ),
    ),
    "fact that says no": (
        "fact",
        QuotesContext(short=None, verdict="no", now=True, lines=(DAM,), sources=SOURCES[:1]),
    ),
    "reason that is denied": (
        "reason",
        QuotesContext(short=None, verdict="otherwise", now=False, lines=(DAM,), sources=SOURCES[:1]),
    ),
    "fact that says yes": (
        "fact",
        QuotesContext(short=None, verdict="yes", now=False, lines=(DAM,), sources=SOURCES[:1]),
    ),
    "summary": (
        "summary",
        QuotesContext(short=None, verdict=None, now=False, lines=(DAM, TALKS), sources=SOURCES),
    ),
    "divergence in rows": (
        "divergence",
        DivergenceContext(
            actors=("Norway", "Sweden"),
            rows=(
                IssueRow(label="the | dam", cells=((DAM,), (FARMS, TRICKY))),
                IssueRow(label=None, cells=((), (FARMS,))),
            ),
            lines=(),
            now=False,
            sources=SOURCES,
        ),
    ),
    "divergence without rows": (
        "divergence",
        DivergenceContext(
            actors=("Norway", "Sweden"), rows=(), lines=(DAM, FARMS), now=False, sources=SOURCES[:1]
        ),
    ),
    "timeline": (
        "timeline",
        TimelineContext(
            entries=(
                Entry(date="2017-05-03", end=None, wording="3 May 2017", line=TALKS),
                Entry(date="2020-01", end="2020-04", wording="early 2020", line=DAM),
            ),
            now=False,
            sources=SOURCES[:1],
        ),
    ),
    "small talk": (
        "small_talk",
        SmallTalkContext(titles=TITLES, suggestions=("What is the SFA?", "Who *mediated*?")),
    ),
    "small talk over an empty index": ("small_talk", SmallTalkContext(titles=(), suggestions=())),
    "suggestions": (
        "suggestions",
        SuggestionsContext(actors=("Norway", "Sweden"), terms=("SFA",), titles=TITLES),
    ),
    "follow-ups": (
        "follow_ups",
        FollowUpsContext(
            kind="fact",
            actors=("Norway", "United States"),
            facing=("Norway", "United States"),
            terms=("SFA",),
            dates=("2019",),
            title=None,
        ),
    ),
    "follow-ups in one document": (
        "follow_ups",
        FollowUpsContext(
            kind="fact",
            actors=("Norway",),
            facing=("Norway", "United States"),
            terms=("SFA",),
            dates=("2019",),
            title="Two rivers",
        ),
    ),
    "follow-ups of nothing": (
        "follow_ups",
        FollowUpsContext(kind="refusal", actors=(), facing=(), terms=(), dates=(), title=None),
    ),
    "refusal of an empty index": (
        "refusal",
        RefusalContext(reason="off_topic", missing=(), nearest=0, titles=()),
    ),
    "suggestions of an empty index": ("suggestions", SuggestionsContext(actors=(), terms=(), titles=())),
} | {
    f"refusal {reason.value}{' with missing words' if missing else ''}": (
        "refusal",
        refusal(reason, *missing),
    )
    for reason in RefusalReason
    for missing in ((), ("Peru", "[2]"))
}


@pytest.fixture(scope="module")
def templates() -> Templates:
    return Templates(PROMPTS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of prompts/ to damage."""
    return Path(shutil.copytree(PROMPTS, tmp_path / "prompts"))


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_template_renders_as_its_golden_file_says(templates: Templates, example: str) -> None:
    rendered = templates.render(*EXAMPLES[example])
    golden = GOLDEN / f"{example.replace(' ', '_')}.md"
    if os.environ.get(REWRITE) == "write":
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(rendered + "\n", encoding="utf-8")
    assert golden.read_text("utf-8") == rendered + "\n"


def test_every_template_has_an_example_and_every_golden_file_is_used() -> None:
    assert {name for name, _ in EXAMPLES.values()} == set(REQUIRED)
    assert {path.stem for path in GOLDEN.iterdir()} == {name.replace(" ", "_") for name in EXAMPLES}


@pytest.mark.parametrize("name", REQUIRED)
def test_a_name_that_a_template_is_not_given_is_found_at_the_start(folder: Path, name: str) -> None:
    with (folder / f"{name}.j2").open("a", encoding="utf-8") as file:
        file.write("{{ nonsense }}")
    with pytest.raises(SettingsError, match=rf"QA_PROMPTS.*{name}\.j2.*nonsense"):
        Templates(folder)


@pytest.mark.parametrize("name", [*REQUIRED, "_sources"])
def test_a_template_that_is_missing_is_found_at_the_start(folder: Path, name: str) -> None:
    (folder / f"{name}.j2").unlink()
    with pytest.raises(SettingsError, match=rf"QA_PROMPTS.*{name}\.j2"):
        Templates(folder)


@pytest.mark.parametrize("name", [*REQUIRED, "_sources"])
@pytest.mark.parametrize("content", [b"{% if", b"{{ 1 + }}", b"{{ 1 | unheard_of }}", b"\xff\xfe"])
def test_a_template_that_is_broken_is_found_at_the_start(folder: Path, name: str, content: bytes) -> None:
    (folder / f"{name}.j2").write_bytes(content)
    with pytest.raises(SettingsError, match="QA_PROMPTS"):
        Templates(folder)


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"QA_PROMPTS.*nowhere"):
        Templates(tmp_path / "nowhere")


def test_an_edit_counts_only_after_a_new_start(folder: Path) -> None:
    templates = Templates(folder)
    before = templates.render(*EXAMPLES["definition"])
    for name in ("definition", "_sources"):
        (folder / f"{name}.j2").write_text("Other words.", encoding="utf-8")
    assert templates.render(*EXAMPLES["definition"]) == before
    assert Templates(folder).render(*EXAMPLES["definition"]) == "Other words."


@pytest.mark.parametrize(
    ("value", "escaped"),
    [
        ("[1]", "\\[1\\]"),
        ("*bold* _it_ `code` ~s~", "\\*bold\\* \\_it\\_ \\`code\\` \\~s\\~"),
        ("<script>|a|", "\\<script\\>\\|a\\|"),
        ("back\\slash", "back\\\\slash"),
        ("R&D, &lt; &#60;", "R&D, \\&lt; \\&#60;"),
        ("two\nlines", "two lines"),
        ("plain “text”, 3.5%", "plain “text”, 3.5%"),
        (Markdown("[1][2]"), "[1][2]"),
        (7, 7),
        (None, None),
    ],
)
def test_markup_in_a_value_is_shown_and_not_obeyed(value: object, escaped: object) -> None:
    assert escape(value) == escaped


def test_a_number_in_brackets_inside_a_quote_is_no_citation(templates: Templates) -> None:
    text = templates.render("fact", quotes("[9]", TRICKY))
    assert re.findall(r"(?<!\\)\[(\d+)\]", text) == ["4", "4"]


README = (PROMPTS / "README.md").read_text("utf-8")
ROWS = {
    cells[1].strip(" `").removesuffix(".j2"): set(re.findall(r"`(\w+)`", cells[3]))
    for cells in (row.split("|") for row in README.splitlines() if row.startswith("| `"))
}


@pytest.mark.parametrize("name", REQUIRED)
def test_the_readme_says_what_each_template_is_given(name: str) -> None:
    context = next(context for template, context in EXAMPLES.values() if template == name)
    assert ROWS[name] == {field.name for field in fields(context)}


@pytest.mark.parametrize("part", [Line, Source, IssueRow, Entry, Cited], ids=lambda part: part.__name__)
def test_the_readme_says_what_each_part_has(part: type) -> None:
    assert ROWS[part.__name__] == {field.name for field in fields(part)}


def test_the_readme_leaves_no_template_and_no_part_out() -> None:
    files = {path.stem for path in PROMPTS.glob("*.j2")}
    assert files == set(REQUIRED) | {"_sources", "_names"}
    assert all(f"`{name}.j2`" in README for name in files)
    classes = {name for name, value in vars(contexts).items() if isinstance(value, type)}
    parts = {name for name in classes if not name.endswith("Context")}
    assert parts <= ROWS.keys()
