"""Keys that were made and used stand nowhere: not in the files of the store, not in what the server logs."""

import hashlib
import itertools
from pathlib import Path

from building import ingested, settings_in

from channels.running import serving
from qa_service.domain.principal import Scope

KEYS = 1_000
WAYS = (
    lambda text: {"Authorization": f"Bearer {text}"},
    lambda text: {"X-API-Key": text},
    lambda text: {"Authorization": text},  # without its scheme: told as none of ours
    lambda text: {"Cookie": f"qa-desk={text}"},
)


def test_of_a_thousand_keys_that_were_used_none_can_be_read(tmp_path: Path) -> None:
    service = ingested(settings_in(tmp_path))
    made = [service.keys.create(f"reader {n}", frozenset({Scope.ASK}))[1] for n in range(KEYS)]
    values = {"QA_STORE": service.settings.store, "QA_LOG_LEVEL": "debug"}
    told = []
    with serving(log=tmp_path / "log", **values) as server:
        for text, way in zip(made, itertools.cycle(WAYS), strict=False):
            told.append(server.request("GET", "/api/v1/documents", headers=way(text)).status)
            if len(told) % 10 == 0:
                server.request("GET", f"/{text}")  # as an address, which is logged without what it holds
        standing = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    service.close()
    left = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]

    assert told == [200, 200, 401, 200] * (KEYS // len(WAYS))  # a cookie of the desk is nothing there
    assert (tmp_path / "log").stat().st_size > KEYS * 100
    whole = b"\0".join(standing + left)
    for text in made:
        secret = text.split("_", 2)[2]
        unkeyed = hashlib.sha256(text.encode())
        assert secret.encode() not in whole
        assert unkeyed.hexdigest().encode() not in whole  # of which a guess could be tested
        assert unkeyed.digest() not in whole
    assert b"reader 999" in whole
