"""Checkboxes with their numbers."""

from django.utils.translation import override

from engagement.views.options import Option, options_html


def test_the_number_stands_in_the_checkbox_as_the_language_writes_it() -> None:
    option = Option("ngo", "Bodies & <others>", False, 12345)
    with override("en"):
        html = options_html("kind", None, "rows", [option])
    assert "<b>12,345<span" in html and "Bodies &amp; &lt;others&gt;</span>" in html
    with override("fr"):
        assert "12,345" not in options_html("kind", None, "rows", [option])


def test_one_that_gives_nothing_is_idle_unless_it_is_checked_and_one_not_counted_has_no_number() -> None:
    idle = options_html("kind", None, "", [Option("a", "A", False, 0)])
    checked = options_html("kind", "fr", "", [Option("a", "A", True, 0)])
    bare = options_html("kind", None, "", [Option("a", "A", False, None)])
    assert 'class="idle"' in idle and "<b>0</b>" in idle
    assert "idle" not in checked and " checked>" in checked and 'lang="fr"' in checked
    assert "<b>" not in bare and "idle" not in bare
