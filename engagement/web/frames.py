"""Pieces of HTML that stand in many pages: each is rendered once, with gaps for what differs from place to place."""

from collections.abc import Hashable
from functools import lru_cache

from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

# What is said to a frame comes from the code and from vocabularies: some hundreds of pieces in each language.
MOST = 5_000
# Characters that no text has.
OPENING, CLOSING = "\ue000", "\ue001"


class Frame:
    """HTML with gaps, each known by its name."""

    def __init__(self, html: str) -> None:
        self._format = html.replace("%", "%%").replace(OPENING, "%(").replace(CLOSING, ")s")

    def filled(self, **texts: object) -> SafeString:
        """The HTML with a text in each gap, escaped unless it is safe."""
        return SafeString(self._format % {name: escape_once(text) for name, text in texts.items()})


def escape_once(text: object) -> str:
    return text if isinstance(text, SafeString) else escape(text)


def frame(template: str, *gaps: str, **said: Hashable) -> Frame:
    """A template of which nothing but the gaps differs from place to place, in the language of the page.

    It is rendered with what is `said` and, under the name of each of the `gaps`, with a gap.
    """
    return _frame(template, get_language(), gaps, tuple(said.items()))


@lru_cache(MOST)
def _frame(
    template: str, _language: str | None, gaps: tuple[str, ...], said: tuple[tuple[str, Hashable], ...]
) -> Frame:
    named = {name: f"{OPENING}{name}{CLOSING}" for name in gaps}
    return Frame(get_template(template).render({**dict(said), **named}).strip("\n"))


def forget() -> None:
    """Let each piece be rendered anew."""
    _frame.cache_clear()
