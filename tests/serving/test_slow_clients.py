"""Slow clients stop nobody: the shipped nginx waits for them, and gunicorn's threads never see them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from building import ingested, settings_in
from channels.running import serving

from serving.asking import crowd, until
from serving.attacking import KINDS, Attack, attacking
from serving.nginx import proxying

ATTACKERS, REQUESTS = 200, 300
ORIGINAL = 1_000_000  # bytes of the file that is read slowly


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, str]]:
    """The port of nginx before one machine, and the path of a large file."""
    folder: Path = tmp_path_factory.mktemp("slow")
    settings = settings_in(folder)
    service = ingested(settings)
    page = folder / "long.html"
    page.write_text(f"<html><body><h1>Long</h1><p>A note.</p><!--{'-x' * (ORIGINAL // 2)}--></body></html>")
    report = service.indexing.ingest([page])
    service.close()
    with (
        serving(QA_STORE=settings.store, QA_TRUSTED_PROXIES="1", WEB_CONCURRENCY="2") as server,
        proxying(folder / "nginx", server.port) as port,
    ):
        yield port, f"/api/v1/documents/{report.added[0]}/source"


@pytest.mark.parametrize("kind", KINDS)
def test_who_asks_beside_them_is_answered(front: tuple[int, str], kind: str) -> None:
    port, path = front
    with attacking(Attack(kind, port, ATTACKERS, path)) as attack, crowd(port, readers=2) as heard:
        until(heard, REQUESTS)

    print(f"{kind}: {attack.most} slow, {len(heard.told)} asked, slowest {heard.slowest * 1000:.0f} ms")
    assert attack.most == ATTACKERS
    assert not heard.failed
