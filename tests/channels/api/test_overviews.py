"""/divergences and /timeline: the rows and events of an answer, asked for by field."""

import csv
import io
from datetime import date
from typing import Any

import icalendar
import pytest
from flask.testing import FlaskClient

from channels.api.problems import MARKER, is_problem
from channels.api.test_openapi import conforms
from qa_service.channels.api import tables

DIVERGENCES, TIMELINE = "/api/v1/divergences", "/api/v1/timeline"
BOTH = f"{DIVERGENCES}?a=Oslo&b=the%20Swedish"


def cited(found: dict[str, Any]) -> list[dict[str, Any]]:
    rows = [one for row in found.get("rows", []) for cell in row["cells"] for one in cell]
    return rows + [item["citation"] for item in found.get("items", [])]


def table(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8"), newline="")))


def asked(client: FlaskClient, question: str) -> dict[str, Any]:
    answer: dict[str, Any] = client.post("/api/v1/ask", json={"question": question}).json
    return answer


# Both


@pytest.mark.parametrize("path", [BOTH, TIMELINE, f"{TIMELINE}?topic=talks&from=2018&to=2020-02"])
def test_every_quote_is_its_span_of_an_unaltered_text(client: FlaskClient, path: str) -> None:
    found = client.get(path).json

    citations = cited(found)
    assert citations
    assert client.post("/api/v1/verify", json={"citations": citations}).json["valid"]
    assert [one["number"] for one in citations] == list(range(1, len(citations) + 1))


@pytest.mark.parametrize("path", [DIVERGENCES, TIMELINE])
def test_they_are_as_documented(client: FlaskClient, path: str) -> None:
    document = client.get("/openapi.json").json
    content = document["paths"][path]["get"]["responses"]["200"]["content"]
    assert content.pop("text/csv")
    content.pop("text/calendar", None)

    for query in (
        ("?a=Norway&b=Sweden", "?a=Norway&b=Peru") if path == DIVERGENCES else ("", "?topic=unicorns")
    ):
        conforms(document, path, client.get(path + query).json)


@pytest.mark.parametrize("path", [BOTH, f"{BOTH}&format=csv", TIMELINE, f"{TIMELINE}?format=csv"])
def test_the_same_request_gives_the_same_bytes(client: FlaskClient, path: str) -> None:
    assert client.get(path).data == client.get(path).data


@pytest.mark.parametrize(
    ("accept", "sent"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("image/png", "application/json"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("application/json;q=0.5, text/csv", "text/csv; charset=utf-8"),
        ("text/calendar", "text/calendar; charset=utf-8"),
    ],
)
def test_the_caller_chooses_the_format(client: FlaskClient, accept: str | None, sent: str) -> None:
    response = client.get(TIMELINE, headers={"Accept": accept} if accept else {})

    assert response.content_type == sent
    assert response.headers["Vary"] == "Accept"


@pytest.mark.parametrize(
    "path",
    [
        DIVERGENCES,
        f"{DIVERGENCES}?a=Norway",
        f"{DIVERGENCES}?a=&b=Sweden",
        f"{DIVERGENCES}?a=%20&b=Sweden",
        f"{DIVERGENCES}?a={'x' * 201}&b=Sweden",
        f"{DIVERGENCES}?a=Oslo&b=Norway",
        f"{DIVERGENCES}?a=Norway&b=Sweden&topic={'x' * 501}",
        f"{DIVERGENCES}?a=Norway&b=Sweden&format=ics",
        f"{DIVERGENCES}?a=Norway&b=Sweden&format={MARKER}",
        f"{DIVERGENCES}?a=Nor%00way{MARKER}&b=Sweden",
        f"{TIMELINE}?from={MARKER}",
        f"{TIMELINE}?from=2016-13",
        f"{TIMELINE}?from=2016-02-30",
        f"{TIMELINE}?to=16",
        f"{TIMELINE}?to=",
        f"{TIMELINE}?limit=0",
        f"{TIMELINE}?limit=501",
        f"{TIMELINE}?format=pdf",
    ],
)
def test_what_cannot_be_asked_is_a_problem(client: FlaskClient, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 422
    assert is_problem(422, response.headers, response.data)["errors"]


# Two actors


def test_two_actors_stand_side_by_side_under_the_names_of_the_documents(client: FlaskClient) -> None:
    found = client.get(BOTH).json

    assert found["actors"] == ["Norway", "Sweden"]
    assert found["missing"] == []
    dam = found["rows"][0]
    assert dam["issue"] == "Halvard dam"
    assert [[one["quote"].split()[0] for one in cell] for cell in dam["cells"]] == [["Norway"], ["Sweden,"]]


def test_the_rows_are_those_of_the_answer(client: FlaskClient) -> None:
    answer = asked(client, "How do Norway and Sweden differ?")
    found = client.get(BOTH).json

    quotes = {one["number"]: one["quote"] for one in answer["citations"]}
    numbers = [one["citations"][0] for one in answer["statements"]]
    shown = [
        [[quotes[numbers[index]] for index in cell] for cell in row["cells"]]
        for row in answer["comparison"]["rows"]
    ]
    assert [[[one["quote"] for one in cell] for cell in row["cells"]] for row in found["rows"]] == shown
    assert found["actors"] == answer["comparison"]["actors"]


def test_the_order_of_the_actors_is_the_callers(client: FlaskClient) -> None:
    found = client.get(f"{DIVERGENCES}?a=Sweden&b=Norway").json

    assert found["actors"] == ["Sweden", "Norway"]
    assert found["rows"][0]["cells"][0][0]["quote"].startswith("Sweden")


def test_a_topic_leaves_the_rows_about_it(client: FlaskClient) -> None:
    found = client.get(f"{DIVERGENCES}?a=Norway&b=Sweden&topic=salmon").json

    assert len(found["rows"]) == 1
    assert "salmon" in found["rows"][0]["cells"][0][0]["quote"]


@pytest.mark.parametrize("name", ["Brazil", "Xyzzy Corporation", "=SUM(1)"])
def test_an_actor_that_holds_nothing_is_named_as_missing(client: FlaskClient, name: str) -> None:
    response = client.get(DIVERGENCES, query_string={"a": "Norway", "b": name})

    assert response.status_code == 200
    assert response.json["rows"] == []
    assert response.json["missing"] == [name]
    assert response.json["actors"] == ["Norway", name]


def test_a_topic_that_no_document_knows_is_missing_as_typed(client: FlaskClient) -> None:
    found = client.get(f"{DIVERGENCES}?a=Norway&b=Sweden&topic=breeding%20unicorns").json

    assert (found["rows"], found["missing"]) == ([], ["breeding", "unicorns"])


def test_without_a_common_issue_nothing_is_missing(client: FlaskClient) -> None:
    found = client.get(f"{DIVERGENCES}?a=Norway&b=Sweden&topic=glaciers").json

    assert (found["rows"], found["missing"]) == ([], [])


def test_a_table_has_a_line_a_quote_and_one_for_an_empty_cell(client: FlaskClient) -> None:
    found = client.get(BOTH).json
    response = client.get(f"{BOTH}&format=csv")
    lines = table(response.data)

    cells = [cell for row in found["rows"] for cell in row["cells"]]
    assert len(lines) == sum(max(len(cell), 1) for cell in cells)
    assert [one["quote"] for one in lines if one["quote"]] == [one["quote"] for one in cited(found)]
    assert {one["actor"] for one in lines} == {"Norway", "Sweden"}
    assert response.data.count(b"\r\n") == len(lines) + 1
    assert response.headers["Content-Disposition"] == "attachment; filename=divergences.csv"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    ((cell,),) = csv.reader(io.StringIO(tables._table((), [[text]]).decode()[2:], newline=""))

    assert cell == f"'{text}"


# Events


def test_events_come_in_order_of_time_with_the_date_as_written(client: FlaskClient) -> None:
    found = client.get(f"{TIMELINE}?topic=talks").json["items"]

    assert [one["first"] for one in found] == sorted(one["first"] for one in found)
    early = next(one for one in found if one["wording"] == "early 2020")
    assert (early["date"], early["end"]) == ("2020-01", "2020-04")
    assert (early["first"], early["last"], early["approximate"]) == ("2020-01-01", "2020-04-30", True)
    exact = next(one for one in found if one["wording"] == "3 May 2017")
    assert (exact["date"], exact["end"], exact["approximate"]) == ("2017-05-03", None, False)
    assert exact["wording"] in exact["citation"]["quote"]


def test_the_events_are_those_of_the_answer(client: FlaskClient) -> None:
    answer = asked(client, "Give me a timeline of the talks between 2018 and 2020")
    found = client.get(f"{TIMELINE}?topic=talks&from=2018&to=2020").json["items"]

    assert {one["date"] for one in found} <= {one["date"] for one in answer["timeline"]}
    assert {one["citation"]["quote"] for one in found} <= {one["quote"] for one in answer["citations"]}
    assert found


@pytest.mark.parametrize(
    ("query", "years"),
    [
        ("from=2019", ["2019", "2020", "2021"]),
        ("from=2019&to=2020", ["2019", "2020"]),
        ("from=2020-04-30&to=2020-04-30", ["2020"]),  # "early 2020" may have been then
        ("from=2020-05&to=2021-06-07", []),
        ("from=2021&to=2019", []),
    ],
)
def test_a_window_keeps_what_touches_it(client: FlaskClient, query: str, years: list[str]) -> None:
    found = client.get(f"{TIMELINE}?{query}").json["items"]

    assert [one["date"][:4] for one in found] == years


def test_a_limit_keeps_the_earliest(client: FlaskClient) -> None:
    every = client.get(TIMELINE).json["items"]
    two = client.get(f"{TIMELINE}?limit=2").json["items"]

    assert [one["date"] for one in two] == [one["date"] for one in every[:2]]


def test_a_topic_of_foreign_words_has_no_events_and_says_so(client: FlaskClient) -> None:
    found = client.get(f"{TIMELINE}?topic=unicorns").json

    assert (found["items"], found["missing"]) == ([], ["unicorns"])


def test_a_table_has_a_line_an_event(client: FlaskClient) -> None:
    items = client.get(TIMELINE).json["items"]
    lines = table(client.get(f"{TIMELINE}?format=csv").data)

    assert [one["quote"] for one in lines] == [one["citation"]["quote"] for one in items]
    assert [(one["date"], one["date_end"]) for one in lines] == [
        (one["date"], one["end"] or "") for one in items
    ]


def events_of(client: FlaskClient, query: str = "") -> list[icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(client.get(f"{TIMELINE}?format=ics{query}").data)
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"]
    return list(calendar.walk("VEVENT"))


def test_a_calendar_holds_each_event_on_all_its_days(client: FlaskClient) -> None:
    items = client.get(TIMELINE).json["items"]
    found = events_of(client)

    assert [one.decoded("DTSTART").isoformat() for one in found] == [one["first"] for one in items]
    ends = [date.fromordinal(one.decoded("DTEND").toordinal() - 1).isoformat() for one in found]
    assert ends == [one["last"] for one in items]
    assert len({one["UID"] for one in found}) == len(found)


def test_a_calendar_says_which_dates_are_approximate(client: FlaskClient) -> None:
    items = client.get(TIMELINE).json["items"]
    told = ["approximate" in one["DESCRIPTION"] for one in events_of(client)]

    assert told == [one["approximate"] for one in items]
    assert {True, False} <= set(told)


def test_a_calendar_has_the_same_bytes_each_time_and_no_clock(client: FlaskClient) -> None:
    path = f"{TIMELINE}?format=ics"

    assert client.get(path).data == client.get(path).data
    stamps = {one.decoded("DTSTAMP").date() for one in events_of(client)}
    assert stamps == {date(2021, 9, 14)}  # the commentary's


def test_a_calendar_keeps_to_the_lines_of_its_format(client: FlaskClient) -> None:
    body = client.get(f"{TIMELINE}?format=ics").data

    assert body.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))


def test_an_event_keeps_its_identity_in_another_window(client: FlaskClient) -> None:
    every = {str(one["UID"]) for one in events_of(client)}
    some = {str(one["UID"]) for one in events_of(client, "&from=2020")}

    assert some
    assert some < every
