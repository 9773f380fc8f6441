"""What a request's failure means: it may pass, the cluster says no, or the document is not as expected."""

from collections.abc import Mapping
from typing import Any

from qa_service.domain.address import Address
from qa_service.domain.errors import StoreError

BUSY = 429
PASSING = {BUSY, 500, 502, 503, 504}  # 500: the node that held the shard was lost in mid-request
NO_ENTRY = {401, 403}
UNTRUSTED = "CERTIFICATE_VERIFY_FAILED"


class RefusedError(StoreError):
    """The cluster does not take this request, and never will."""


class MissingIndexError(StoreError):
    """The index is not there, or no more."""


class SilentError(StoreError):
    """The cluster has not done what was asked for as long as one waits."""


class AbsentError(Exception):
    """There is no document of that id."""


class ConflictError(Exception):
    """Another process has made or changed the document meanwhile."""


def passes(error: Any) -> bool:
    """Whether an error of opensearch-py may be over at the next try: an overload, a lost node or shard."""
    if UNTRUSTED in said(error):
        return False
    return not isinstance(error.status_code, int) or error.status_code in PASSING


def told(address: Address, error: Any) -> StoreError:
    """An error of opensearch-py for whoever runs the service."""
    status, where = error.status_code, f"OpenSearch at {address}"
    if status in NO_ENTRY and "blocked by" not in said(error):
        return StoreError(f"{where} does not let us in ({status}): look at the user in QA_STORE.")
    if status == BUSY:
        return StoreError(f"{where} is too busy (429): {said(error)}.")
    if status in PASSING:
        return StoreError(f"{where} lacks a part of itself ({status}): {said(error)}.")
    if isinstance(status, int):
        return RefusedError(f"{where} refuses ({status}): {said(error)}.")
    if UNTRUSTED in said(error):
        return StoreError(f"{where} shows a certificate that nobody vouches for: see QA_STORE_CA.")
    return StoreError(f"{where} cannot be reached: {said(error)}. See QA_STORE.")


def said(error: Any) -> str:
    """What the cluster gave as the reason, or what kept the connection from being made."""
    info = error.info
    if isinstance(info, Mapping) and isinstance(info.get("error"), Mapping):
        return f"{info['error'].get('type')}: {info['error'].get('reason')}"
    return str(info or error.error)
