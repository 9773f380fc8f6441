"""Which pages elsewhere may call this service from a browser: those of the origins in QA_CORS_ORIGINS.

An origin is allowed when it is equal to one of the list, or the list is `*`. (flask-cors reads what holds a
sign such as `?` as a pattern, and looks at every response; equality is all that is needed here.) The
one cookie is the desk's, which is not among these paths: credentials are not allowed.
"""

from flask import Flask, Response, request

PATHS = ("/api/", "/v1/", "/mcp")
ANY = "*"
ALLOWED_HEADERS = (
    "Accept, Authorization, Content-Type, Idempotency-Key, Mcp-Method, Mcp-Name, Mcp-Protocol-Version, "
    "X-API-Key, X-Request-Id"
)
EXPOSED_HEADERS = "ETag, Location, Retry-After, Server-Timing, X-Request-Id"
KEPT_SECONDS = 600


def register(app: Flask, origins: frozenset[str]) -> None:
    """Add the headers to what is sent to these origins; without any, nothing is added."""
    if not origins:
        return

    @app.after_request
    def allow(response: Response) -> Response:
        if request.path.startswith(PATHS):
            _allow(response, origins)
        return response


def _allow(response: Response, origins: frozenset[str]) -> None:
    if ANY not in origins:
        response.vary.add("Origin")
    origin = request.headers.get("Origin")
    if origin is None or not (ANY in origins or origin in origins):
        return
    response.headers["Access-Control-Allow-Origin"] = ANY if ANY in origins else origin
    response.headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        response.headers["Access-Control-Allow-Methods"] = ", ".join(sorted(response.allow))
        response.headers["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
        response.headers["Access-Control-Max-Age"] = str(KEPT_SECONDS)
