"""The service with two more routes, whose requests do not end: gunicorn 'serving.hanging:create_app()'."""

import time

from flask import Flask

from qa_service import app


def create_app() -> Flask:
    made = app.create_app()
    made.add_url_rule("/hang/step", "step", _step)
    made.add_url_rule("/hang/call", "call", _call)
    return made


def _step() -> str:
    """Goes on for ever, step by step, and lets nothing stop it."""
    while True:
        try:
            time.sleep(0.01)
        except Exception:  # noqa: S112 - as careless code does
            continue


def _call() -> str:
    """Never comes back from a call."""
    time.sleep(3600)
    return ""
