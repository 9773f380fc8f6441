"""Which kind of answer a question asks for, and what the answer has to contain."""

from collections.abc import Callable

import pytest

from qa_service.domain.question import AnswerType, Kind, Question
from qa_service.understand.kinds import core, read

QUESTIONS = {
    "divergence": """
        How do Norway and Sweden differ?
        how do norway and sweden differ on the dam
        Norway vs Sweden salmon quota
        norway versus sweden, gauges
        Compare the positions of Oslo and Stockholm on the sluices.
        Could you please compare what the two capitals want?
        What is the difference between Norway's and Sweden's demands?
        What are the main differences between the two capitals on the quota?
        Where do Oslo and Stockholm disagree?
        where exactly are sweden and norway at odds over the gauges?
        Do Norway and Sweden agree on the salmon quota?
        Do Oslo and Stockholm see eye to eye on anything?
        How does each side view the dam?
        I would like to know whether Norway and Sweden diverge on the gauges.
        contrast norway with sweden
        Are the Norwegian and Swedish views on the dam different?
        How do Norway and Sweden view the dam?
        What did Norway and Sweden say about the sluices?
        <@U02ABCDEF> how do Norway and Sweden differ on the catch?
        """,
    "timeline": """
        What is the timeline of the talks?
        timeline talks
        Give me a chronology of the negotiations, please.
        what happened in 2019?
        What happened between 2018 and 2020?
        What happened after the mediator came?
        what happened next
        List the events since 2017
        key dates of the dispute
        Can you set out the history of the talks?
        List all meetings in chronological order.
        Which steps were taken between 2017 and 2021?
        How did the talks come about?
        sequence of events please
        the talks, date by date
        just the dates
        milestones from 2018 to 2021
        """,
    "position": """
        What is Norway's position?
        What are Kerrtech's demands?
        What is the Norwegian position?
        What does Norway want?
        What did Sweden ask for?
        What does Veldania seek?
        What does Norway think about the flow gauges?
        what does sweden want
        What is the position of Sweden on the dam?
        sweden's position on the quota
        Norway's stance on the readings
        How does Oslo regard the gauges?
        How did Stockholm react to the filling of the reservoir?
        what did the swedish government say about it?
        What does Oslo insist on?
        What are Swedish officials accusing Norway of?
        Hi! Could you tell me what Norway believes about the dam?
        Would you be so kind as to explain what Sweden demands?
        What has Norway proposed? What does Norway propose?
        What is Norway's attitude to sharing?
        According to Norway, what is the dam good for?
        Stockholm's objections
        Does Sweden think the dam is harmful?
        Did Oslo claim that the dam is safe?
        which solution Norway wanted
        """,
    "position advice": """
        What does the author recommend?
        What is the author's proposal?
        What should the commission do?
        what must the two states do now
        What role should the engineers play?
        What is the way forward?
        what's the way forward
        Which proposals by the author concern the commission?
        What does the author suggest for the sluices?
        What is the author's view?
        """,
    "reason reason": """
        Why did the mediator leave?
        why has the river less water
        How come Sweden left the talks?
        What caused the shrinking of the river?
        What led to the end of the talks?
        What is the reason for Norway's refusal?
        What explains the low water?
        For what reason did the talks fail?
        Could you explain to me why Oslo refuses to share the readings?
        I was wondering why the Bergen round was private
        reasons given for leaving
        Norway refused to share its readings - why?
        """,
    "definition": """
        What is the SFA?
        what's the JSC
        What does SFA stand for?
        what does "JSC" mean
        What is meant by Skarn Flow Accord?
        define flow gauge
        please define flow gauge
        Hello, what is the SFA?
        so what's a flow gauge
        the definition of the Skarn Flow Accord
        Meaning of JSC
        JSC meaning
        Explain what the SFA is
        Please tell me what the Joint Skarn Commission is.
        What are flow gauges?
        """,
    "definition who": """
        Who is Amara Osei?
        who is lund
        Who was Dr. E. M. Lund?
        Who's Amara Osei
        """,
    "summary": """
        What is this commentary about?
        Summarise the document.
        summarize pls
        What are the main points?
        Give me the gist
        tl;dr
        the key messages of the text
        Can you give an overview?
        what is it all about?
        in a nutshell, please
        """,
    "summary catalogue": """
        What documents do you have?
        what can I ask you?
        What do you know?
        What topics can we ask about?
        """,
    "fact authorship": """
        Who is the author?
        who wrote this
        Who wrote this and when?
        Who is speaking?
        When was this speech given?
        Who gave this speech?
        Who wrote the report on the dam?
        When was this published?
        When was the commentary published?
        What is the publication date?
        Who is the publisher?
        What is the title of this report?
        """,
    "fact when": """
        When was the Joint Skarn Commission founded?
        when did sweden leave
        In which year did the talks open?
        What year was the commission founded?
        On which date did the delegations return?
        Please tell me when the mediator was sent.
        How long ago was the commission founded?
        Since when has the river carried less water?
        what month was the JSC founded
        """,
    "fact number": """
        How many people drink the water?
        how many members has the commission
        How much did the draft cost?
        What share of the catch does Stockholm demand?
        What share of Swedish sailors was trained in Norway?
        What percentage of the water was lost?
        how old was he when he left?
        How long is the river?
        How often did they meet?
        the number of members of the commission
        What was the price of the draft?
        """,
    "fact where": """
        Where does the Skarn rise?
        where was the first round held
        In which city did the talks open?
        In what town did they meet in 2021?
        From where does the river come?
        """,
    "fact who": """
        Who was sent to mediate?
        Who mediated in the talks?
        whom did the UN send
        Whose water is it?
        Which company built the dam?
        Which states take part?
        Which government left the talks?
        the members of the commission
        the person who was sent in 2019
        By whom was the commission founded?
        """,
    "fact name": """
        What is the old town called?
        What was the ferry known as before the war?
        The lighthouse is also referred to as what?
        What is the common term for the loss of skilled workers?
        Which name was given to the harbour fund?
    """,
    "fact manner": """
        How did the talks end?
        how is the water measured
        In what way does the accord work?
        """,
    "fact yes_no": """
        Did Sweden leave the talks?
        Is the dam safe?
        was the bergen round private
        Has the commission published its readings?
        Will the talks go on?
        Doesn't the accord fix the flow?
        Do you know whether the talks are over?
        """,
    "fact": """
        What did the two governments open in 2017?
        Which treaty fixes the flow?
        What ended without a statement?
        What was filled without notice?
        What could happen if the two states do not settle their differences?
        salmon quota
        halvard reservoir
        flow gauges national security
        """,
    "small_talk": """
        Hello!
        thanks a lot
        good morning everyone
        How are you?
        what can you do
        help
        thx :)
        <@U02ABCDEF> hi
        """,
}
CASES = [(text.strip(), kind) for kind, lines in QUESTIONS.items() for text in lines.strip().splitlines()]


def told(question: Question) -> str:
    return f"{question.kind} {question.answer_type or ''}".strip()


@pytest.mark.parametrize(("text", "kind"), CASES)
def test_a_question_is_of_its_kind(understood: Callable[..., Question], text: str, kind: str) -> None:
    assert told(understood(text)) == kind


def test_the_table_is_large_and_covers_every_kind() -> None:
    assert len(CASES) >= 120
    kinds = {kind.split()[0] for kind in QUESTIONS}
    assert kinds == {kind.value for kind in Kind} - {"refusal"}
    types = {kind.split()[1] for kind in QUESTIONS if " " in kind}
    assert types == {kind.value for kind in AnswerType}


@pytest.mark.parametrize(
    ("polite", "bare"),
    [
        ("Hello, could you please tell me when the talks opened?", "when the talks opened?"),
        ("Would you be so kind as to explain why Sweden left?", "why Sweden left?"),
        ("I would like to know whether the dam is safe.", "whether the dam is safe."),
        ("ok, and why?", "why?"),
        ("Please", "Please"),
        ("When did the talks open?", "When did the talks open?"),
    ],
)
def test_politeness_is_no_part_of_the_question(polite: str, bare: str) -> None:
    assert core(polite) == bare


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("What is the SFA?", "SFA"),
        ("What does “flow gauge” mean?", "flow gauge"),
        ("Meaning of JSC", "JSC"),
        ("What is the main threat to the region?", None),
        ("What is the treaty that fixes the flow?", None),
    ],
)
def test_a_definition_knows_its_term(text: str, term: str | None) -> None:
    assert read(text, 0).defined == term


def test_views_of_one_actor_are_a_position_and_of_two_a_divergence() -> None:
    text = "How do Norway and Sweden view the dam?"
    assert read(text, 2).kind is Kind.DIVERGENCE
    assert read("How does Norway view the dam?", 1).kind is Kind.POSITION


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The number of gauges fell after what year?", AnswerType.WHEN),
        ("The dam raised the number of salmon of what kind?", None),
        ("number of gauges in 2019", AnswerType.NUMBER),
        ("When the mediator left, who stayed?", AnswerType.WHO),
        ("Members of which organisations may vote?", AnswerType.WHO),
        ("How old was the mediator when he left?", AnswerType.NUMBER),
    ],
)
def test_what_the_answer_has_to_contain_is_told_by_the_word_that_asks(
    text: str, wanted: AnswerType | None
) -> None:
    assert read(core(text), 0).answer_type is wanted
