"""The yardstick: the least that a Flask application does to read a question and send JSON back."""

from flask import Flask, Response, jsonify, request


def create_app() -> Flask:
    app = Flask(__name__)

    @app.post("/ask")
    def ask() -> Response:
        return jsonify(question=request.get_json()["question"], answered=False, citations=[])

    return app
