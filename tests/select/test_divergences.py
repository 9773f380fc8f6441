"""Two sides of an issue, each in its own words."""

from telling import Tell, Told

PORT = """# A port for two

Norway and Sweden differ on two issues: the new port and the old tariff.

Norway insists that the new port be open to all, while Sweden argues that the new port harms its fishers.

On the old tariff, Norway demands a cut. Sweden rejects any change of the old tariff.

Both Norway and Sweden believe that the lighthouse must stay.
"""


def test_sides_come_in_the_order_of_the_question(river: Told) -> None:
    assert river.findings("How do Sweden and Norway differ?").actors == ("Sweden", "Norway")
    assert river.findings("How do Norway and Sweden differ?").actors == ("Norway", "Sweden")
    assert river.findings("how do stockholm and oslo differ on the dam").actors == ("Sweden", "Norway")


def test_a_row_has_both_sides_and_each_cell_its_own_speaker(river: Told) -> None:
    findings = river.findings("How do Norway and Sweden differ?")
    assert len(findings.rows) >= 3
    for row in findings.rows:
        for actor, cell in zip(findings.actors, row.cells, strict=True):
            assert cell
            assert {one.speaker for one in cell} == {actor}


def test_a_topic_leaves_only_its_rows(tell: Tell) -> None:
    quotes = tell(PORT).quotes("How do Norway and Sweden differ on the tariff?")
    assert quotes
    assert all("tariff" in quote for quote in quotes)


def test_a_view_held_together_is_no_difference(tell: Tell) -> None:
    assert not any("lighthouse" in quote for quote in tell(PORT).quotes("How do Norway and Sweden differ?"))


def test_a_shared_sentence_is_cut_into_verbatim_clauses(tell: Tell) -> None:
    told = tell(PORT)
    findings = told.findings("How do Norway and Sweden differ on the new port?")
    text = next(iter(told.desk.edition.documents.values())).text
    cells = {actor: cell[0] for actor, cell in zip(findings.actors, findings.rows[0].cells, strict=True)}
    assert (
        text[cells["Norway"].start : cells["Norway"].end] == "Norway insists that the new port be open to all"
    )
    assert text[cells["Sweden"].start : cells["Sweden"].end].startswith(
        "Sweden argues that the new port harms"
    )


def test_labels_are_words_of_the_text_and_more_than_one(tell: Tell, river: Told) -> None:
    for told in (tell(PORT), river):
        for row in told.findings("How do Norway and Sweden differ?").rows:
            if row.label:
                document, start, end = row.label
                label = told.desk.edition.documents[document].text[start:end]
                assert label == label.strip()
                assert len(label.split()) > 1


def test_one_who_holds_nothing_is_no_side(river: Told) -> None:
    assert river.check("How do Norway and Denmark differ?") == "both_actors"
    assert river.check("How do Norway and Sweden differ on astronomy?") == "topic_words"


def test_differences_that_are_settled_are_not_compared(tell: Tell) -> None:
    told = tell(PORT + "\nIf Norway and Sweden settle their differences, the port will thrive.\n")
    quotes = told.quotes("What could happen if Norway and Sweden settle their differences?")
    assert quotes[0].endswith("the port will thrive.")


def test_a_side_is_heard_where_the_other_speaks_of_the_topic(tell: Tell) -> None:
    text = """# The harbour

The council debated whether to sell the old harbour or to dredge it. Norway advocated the former course.
Sweden insists that the old harbour must be dredged.

## Schools

Norway says that the schools are full. Sweden denies that the schools are full.
"""
    findings = tell(text).findings("How do Norway and Sweden differ on the old harbour?")
    assert findings.actors == ("Norway", "Sweden")
    told = tell(text)
    cells = [
        [told.desk.edition.text(one.passage, one.start, one.end) for one in cell]
        for cell in findings.rows[0].cells
    ]
    assert any("former course" in quote for quote in cells[0])
    assert any("must be dredged" in quote for quote in cells[1])


DAM = """# Two states and a dam

Kestria wants to fill the reservoir within three years. The Oslavian government insists that the reservoir be
filled over at least eight years.

Kestria rejects any rule on minimum flows. Its energy minister, Dana Orlik, argues that rules cost power.
Oslavian officials demand a rule on minimum flows.
"""


def test_a_side_may_be_told_by_its_adjective(tell: Tell) -> None:
    findings = tell(DAM).findings("How do Kestria and Oslavia differ?")
    assert findings.actors == ("Kestria", "Oslavian government")
    assert any(all(row.cells) for row in findings.rows)


def test_a_possessive_is_nobody(tell: Tell) -> None:
    told = tell(DAM)
    (document,) = told.desk.edition.documents
    holders = told.desk.edition.annotations[document].holders
    assert "Its" not in {name for names in holders for name in names}
