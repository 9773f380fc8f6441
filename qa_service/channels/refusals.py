"""What gunicorn tells by itself, of requests that are no HTTP or too large, in the form of our errors.

gunicorn's own page repeats what was sent and says nothing of caches, some of which keep it for others.
"""

import json

from qa_service.channels import request_ids

DETAIL = "The request cannot be read: it is not HTTP as this server speaks it, or its head is too large."


def refusal(status: int, reason: str) -> bytes:
    """The whole response; it holds nothing of the request."""
    name = request_ids.fresh()
    told = {"type": "about:blank", "title": reason, "status": status, "detail": DETAIL, "request_id": name}
    body = json.dumps(told).encode()
    head = (
        f"HTTP/1.1 {status} {reason}",
        "Connection: close",
        "Content-Type: application/problem+json",
        f"Content-Length: {len(body)}",
        "Content-Security-Policy: default-src 'none'",
        "X-Content-Type-Options: nosniff",
        "Cache-Control: private, no-store",
        f"{request_ids.HEADER}: {name}",
    )
    return "\r\n".join((*head, "", "")).encode("ascii") + body
