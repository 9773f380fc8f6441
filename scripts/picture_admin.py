"""Take docs/channels/admin.png: `python scripts/picture_admin.py`.

It shows the first page of the desk over the bundled digest, after some questions, in the system's Chromium.
"""

import time

from picture_widget import ROOT, small, stored

from qa_service.domain.conversation import Feedback, Thumb
from qa_service.domain.principal import Scope
from qa_service.domain.question import Message
from qa_service.domain.tally import HOUR, NONE, Tally
from qa_service.settings import load
from qa_service.wiring import Service

# isort: split
from browsing import browsing
from channels.running import serving

PICTURE = ROOT / "docs" / "channels" / "admin.png"
SIZE = {"width": 1000, "height": 790}
REFUSED = (
    "What is the capital of Peru?",
    "When was the fourth Moscow meeting held?",
    "Who won the match in Doha?",
)
DISLIKED = "How do the US and Russia differ on the Taliban?"


def furnished(service: Service) -> str:
    """Put into a store what a day leaves behind; the key to its desk."""
    for text in REFUSED:
        service.answering.answer(Message(text=text))
    judged = service.answering.answer(Message(text=DISLIKED))
    service.opinions.give(Feedback(answer_id=judged.id, thumb=Thumb.DOWN, giver="a reader"))
    now = int(time.time() // HOUR)
    for back in range(24):
        many = 6 + (back * 7) % 23
        took = tuple(many // 2 if place in (2, 3 + back % 3) else 0 for place in range(len(NONE)))
        counted = Tally(hour=now - back, answered=many, refused=many // 5, other=many // 9, took=took)
        service.tallies.keep("a day", counted)
    return service.keys.create("desk", frozenset({Scope.ADMIN}))[1]


def main() -> None:
    """Write the picture."""
    with stored() as store:
        service = Service(load({"QA_STORE": store}))
        key = furnished(service)
        service.close()
        with serving(QA_STORE=store) as server, browsing() as browser:
            page = browser.new_page(viewport=SIZE)
            page.goto(f"http://127.0.0.1:{server.port}/admin")
            page.get_by_label("Key").fill(key)
            page.keyboard.press("Enter")
            page.get_by_role("heading", name="Asked").wait_for()
            page.screenshot(path=PICTURE)
    small(PICTURE)


if __name__ == "__main__":
    main()
