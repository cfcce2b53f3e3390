"""Pieces of HTML are rendered once, and say what they would say if they were rendered each time."""

from django.template.loader import get_template
from django.test import override_settings
from django.utils.safestring import mark_safe
from django.utils.translation import override

from engagement.web import frames
from engagement.web.frames import Frame, frame

OPTION = {"name": "theme", "lang": None, "value": "x", "checked": False, "idle": False, "noun": "", "number": ""}


def test_what_fills_a_gap_is_escaped_once() -> None:
    letter = frame("engagement/_letter.html", "url", sign="A", leads=True)
    assert letter.filled(url="?a=1&b=2") == '<li><a href="?a=1&amp;b=2">A</a></li>'
    assert letter.filled(url=mark_safe("?a=1&amp;b=2")) == '<li><a href="?a=1&amp;b=2">A</a></li>'


def test_what_is_said_is_escaped_as_in_any_template() -> None:
    assert "<b>" not in frame("engagement/_option.html", **{**OPTION, "label": "<b>bold</b>"}).filled()


def test_a_percent_sign_in_a_text_stays_one() -> None:
    assert "100 %s %(url)s" in frame("engagement/_option.html", **{**OPTION, "label": "100 %s %(url)s"}).filled()
    assert Frame("100 % \ue000n\ue001").filled(n="5 %s") == "100 % 5 %s"


def test_a_piece_is_rendered_once_in_each_language() -> None:
    frames.forget()
    english = frame("engagement/_independent.html").filled()
    assert frame("engagement/_independent.html") is frame("engagement/_independent.html")
    with override("fr"):
        french = frame("engagement/_independent.html").filled()
    assert "An independent register" in english and 'href="/about/"' in english
    assert "An independent register" not in french and 'href="/fr/' in french


@override_settings(SITE_NAME="The register of invented bodies")
def test_a_kept_piece_says_what_it_is_told() -> None:
    told = frame("engagement/_links.html", SITE_NAME="The register of invented bodies").filled()
    assert told == get_template("engagement/_links.html").render(
        {"SITE_NAME": "The register of invented bodies"}
    ).strip("\n")
