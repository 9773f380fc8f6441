"""The routes under /widget: the script by its version for good, as v1 for a while; its other languages."""

from flask import Blueprint, Response, abort, request

from qa_service.channels.widget.assembly import languages, script, words_file

FOR_GOOD = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=300"
# Any page may load it: it holds nothing of anybody's, and an integrity hash needs CORS to be checked.
HEADERS = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


def blueprint() -> Blueprint:
    """What a page loads."""
    widget = Blueprint("widget", __name__, url_prefix="/widget")

    @widget.get("/<version>/qa-widget.js")
    def served(version: str) -> Response:
        found = script()
        if version not in {found.version, "v1"}:
            abort(404, "This version is not served any more; `qa-service widget` prints the tag of today's.")
        zipped = bool(request.accept_encodings["gzip"])
        response = _static(found.gzipped if zipped else found.body, "text/javascript; charset=utf-8")
        response.headers["Vary"] = "Accept-Encoding"
        if zipped:
            response.headers["Content-Encoding"] = "gzip"
        if version == found.version:
            response.headers["Cache-Control"] = FOR_GOOD
        return response

    @widget.get("/v1/words/<language>.json")
    def words(language: str) -> Response:
        if language not in languages():
            abort(404, "There is no table of words for this language.")
        return _static(words_file(language).read_bytes(), "application/json")

    return widget


def _static(body: bytes, kind: str) -> Response:
    response = Response(body, content_type=kind, headers=HEADERS)
    response.headers["Cache-Control"] = FOR_A_WHILE
    response.add_etag()
    response.make_conditional(request)
    return response
