"""The one shape of an error, as every test of one checks it."""

import json
from collections.abc import Mapping

MARKER = "zq7marker"  # stands in every bad input: no error repeats what was sent


def is_problem(status: int, headers: Mapping[str, str], body: bytes) -> dict[str, object]:
    """The problem, proved to be RFC 9457 as the API promises it."""
    assert headers["Content-Type"] == "application/problem+json"
    found = json.loads(body)
    assert set(found) - {"errors"} == {"type", "title", "status", "detail", "request_id"}
    assert found["request_id"] == headers["X-Request-Id"]
    assert found["status"] == status
    assert found["title"] and found["detail"]
    assert found["title"] != "Error"
    for error in found.get("errors", []):
        assert set(error) == {"field", "detail"}
        assert error["field"] and error["detail"]
    text = body.decode()
    assert MARKER not in text
    assert "Traceback" not in text
    assert len(text) < 2000
    return found
