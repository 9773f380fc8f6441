"""The route /mcp. The extra is imported at the first request, so that others never pay for it."""

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotImplemented as NotOffered

from qa_service.wiring import Service

NOT_INSTALLED = (
    "The Model Context Protocol is an extra that is not installed: in a clone, pip install -e '.[mcp]'."
)


def blueprint(service: Service) -> Blueprint:
    """The channel over one service. Only POST is offered: there is no session to stream to or to end."""
    channel = Blueprint("mcp", __name__)

    @channel.post("/mcp")
    def answer() -> Response:
        try:
            from qa_service.channels.mcp import http  # noqa: PLC0415
        except ModuleNotFoundError as error:
            raise NotOffered(NOT_INSTALLED) from error
        return http.respond(request, service)

    return channel
