"""What each page of the desk shows, and what its forms do."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest, UnprocessableEntity
from werkzeug.wrappers import Response as Sent

from qa_service.channels import apart, cookies, files, questions
from qa_service.channels.admin import catalogue, charts, grouping, opinions, overview, presenting
from qa_service.domain.errors import NotFoundError
from qa_service.domain.principal import SESSION_SECONDS, Scope
from qa_service.wiring import Service

JSON, LINES = "application/json", "application/jsonl"
NO_KEY = "This is not a valid key."
NO_SCOPE = "This key does not have the scope admin."
NO_COOKIE = "Your browser did not send back the cookie of this page; allow cookies for this address."


class Pages:
    """The pages over one service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._turns = apart.Turns()

    def login(self) -> Sent:
        """The form to sign in; who is signed in need not."""
        kept = cookies.value(self._service.settings)
        if kept and self._service.sessions.holder(kept):
            return redirect(url_for("admin.overview"), 303)
        return self._form()

    def _form(self, problem: str | None = None, status: int = 200) -> Sent:
        kept = cookies.value(self._service.settings) or cookies.chance()  # forms in two tabs: one cookie
        shown = render_template("admin/login.html", token=cookies.token(kept), problem=problem)
        response = Response(shown, status)
        cookies.give(response, self._service.settings, kept)
        return response

    def sign_in(self) -> Sent:
        """A session for who sends an admin key; whatever the cookie was before is worth nothing."""
        text = request.form.get("key", "").strip()
        caller = self._service.keys.principal(text) if text else None
        if caller is None or not caller.may(Scope.ADMIN):
            return self._form(NO_SCOPE if caller else NO_KEY, 401)
        made = self._service.sessions.begin(text)
        if made is None:  # revoked in this moment
            return self._form(NO_KEY, 401)
        self._service.sessions.end(cookies.value(self._service.settings))
        response: Sent = redirect(url_for("admin.overview"), 303)
        cookies.give(response, self._service.settings, made, SESSION_SECONDS)
        return response

    def sign_out(self) -> Sent:
        """The session ends here, not only in the browser."""
        self._service.sessions.end(cookies.value(self._service.settings))
        response: Sent = redirect(url_for("admin.login"), 303)
        cookies.give(response, self._service.settings, "", 0)
        return response

    def overview(self) -> str:
        """What there is, and what waits."""
        return self._page("overview.html", **overview.shown(self._service, request.args.get("span", "")))

    def documents(self) -> str:
        """What is indexed, and what was not taken."""
        shown = catalogue.shown(
            self._service,
            wanted=request.args.get("id", "").strip(),
            first=max(request.args.get("from", 0, int), 0),
        )
        told = {name: request.args.get(name, 0, int) for name in ("added", "known", "rejected", "removed")}
        largest = self._service.settings.ingest_file_bytes
        return self._page("documents.html", told=told, largest=largest, **shown)

    def add(self) -> Sent:
        """Take what was sent; what came of it is told on the page of documents, or as JSON."""
        sent = files.sent()
        if not sent:
            raise BadRequest("Choose at least one file.")
        try:
            with self._turns.taken():
                told = apart.received(self._service, sent, self._service.settings.upload_seconds)
        except apart.TooLongError as error:
            raise UnprocessableEntity(f"{sent[0][0]}: {error}") from error
        if request.accept_mimetypes.best == JSON:
            return Response(json.dumps(told), content_type=JSON)
        added, known, rejected = (len(told[name]) for name in ("added", "known", "rejected"))
        there = url_for("admin.documents", added=added, known=known, rejected=rejected)
        return redirect(there, 303)

    def confirm(self, document_id: str) -> str:
        """Whether it is meant."""
        found = self._service.answering.read(lambda desk: desk.edition.document(document_id))
        return self._page("remove.html", document=found)

    def remove(self, document_id: str) -> Sent:
        """Take a document out of the index."""
        with self._turns.taken():
            apart.removed(self._service, document_id, self._service.settings.upload_seconds)
        return redirect(url_for("admin.documents", removed=1), 303)

    def questions(self) -> str:
        """What was not answered, like with like."""
        refused, disliked = questions.collected(self._service, grouping.MOST)
        groups = grouping.grouped(refused, disliked, self._service.analyser)
        return self._page("questions.html", groups=groups, most=grouping.MOST)

    def rows(self) -> Sent:
        """The questions that were chosen, as rows of a question file."""
        chosen = set(request.args.getlist("id"))
        refused, disliked = questions.collected(self._service, grouping.MOST)
        text = questions.unanswered(
            [one for one in refused if one.id in chosen], [one for one in disliked if one[0].id in chosen]
        )
        if not text:
            raise NotFoundError("None of these questions is kept.")
        response = Response(text + "\n", content_type=f"{LINES}; charset=utf-8")
        response.headers.set("Content-Disposition", "attachment", filename="questions.jsonl")
        return response

    def feedback(self) -> str:
        """What readers think of answers, the worst first."""
        return self._page("feedback.html", opinions=opinions.latest(self._service))

    def trouble(self, problem: str, status: int, headers: Mapping[str, str] | None = None) -> Sent:
        """Something went wrong, and what: as a page, or as JSON for the script that sends files."""
        if request.accept_mimetypes.best == JSON:
            return Response(json.dumps({"problem": problem}), status, headers, content_type=JSON)
        return Response(render_template("admin/trouble.html", problem=problem), status, headers)

    def _page(self, template: str, **shown: Any) -> str:
        token = cookies.token(cookies.value(self._service.settings))
        spelled = {"day": presenting.day, "moment": presenting.moment, "size": presenting.size}
        spelled |= {"within": charts.told}
        return render_template(f"admin/{template}", token=token, **spelled, **shown)
