"""While documents come and go, every route that reads them answers from one version or the next."""

from pathlib import Path

import pytest
from building import COMMENTARY, repeated_beside, settings_in

from qa_service.app import create_app
from qa_service.wiring import Service

ROUTES = (
    "/",
    "/api/v1/suggestions",
    "/api/v1/documents",
    "/api/v1/documents/{id}",
    "/api/v1/documents/{id}/text",
    "/api/v1/documents/{id}/context?start=0&end=10",
    "/api/v1/search?q=dam",
    "/api/v1/divergences?a=Norway&b=Sweden",
    "/api/v1/timeline",
    "/documents/{id}",
    "/readyz",
)


@pytest.mark.parametrize("candidates", ["memory", "tantivy"])
def test_no_reader_is_refused(tmp_path: Path, candidates: str) -> None:
    settings = settings_in(tmp_path, QA_CANDIDATES=candidates, QA_REMEMBERED_ANSWERS="0")
    writer = Service(settings)
    (document_id,) = writer.indexing.ingest([COMMENTARY]).added
    client = create_app(settings).test_client()
    numbers = iter(range(10_000))

    def publish() -> None:
        text = f"# Note\n\nThe weir {next(numbers)} was finished in 1950."
        writer.indexing.receive([("note.md", text.encode())])

    versions = {writer.store.version()}
    with repeated_beside(publish, threads=1):
        for _ in range(4):
            for route in ROUTES:
                response = client.get(route.format(id=document_id))
                assert response.status_code == 200, (route, response.data)
            versions.add(client.get("/readyz").json["index_version"])
    assert len(versions) > 1
    writer.close()
