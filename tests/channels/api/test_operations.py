"""What a platform probes."""

from flask.testing import FlaskClient

from qa_service.app import create_app
from qa_service.settings import Settings


def test_healthz_says_that_the_process_is_up(client: FlaskClient) -> None:
    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json == {"status": "ok"}


def test_readyz_says_what_the_store_holds(client: FlaskClient) -> None:
    response = client.get("/readyz")

    listed = client.get("/api/v1/documents").json
    assert response.status_code == 200
    assert response.json["status"] == "ready"
    assert response.json["documents"] == len(listed["documents"])
    assert response.json["passages"] == sum(one["passages"] for one in listed["documents"])
    assert response.json["index_version"] == listed["index_version"]


def test_an_empty_store_is_told_apart_and_refuses(own_settings: Settings) -> None:
    client = create_app(own_settings).test_client()

    assert client.get("/readyz").json["status"] == "empty"
    answer = client.post("/api/v1/ask", json={"question": "Who mediated?"}).json
    assert answer["answered"] is False
    assert answer["refusal"]["nearest"] == []
    assert client.get("/").status_code == 200
