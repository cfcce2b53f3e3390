"""The terms as they are declared."""

from django.utils.text import slugify

from engagement.glossary import BY_SLUG, TERMS
from engagement.urls import urlpatterns

ASKED_FOR = {
    "tripartite", "constituents", "governing-body", "conference", "general-status", "regional-status", "special-list",
    "standing-arrangements", "observer", "session", "officers-of-the-governing-body", "director-general", "convention",
    "recommendation", "ratification", "denunciation", "member-state", "region", "sectoral-meeting",
    "technical-meeting", "meeting-of-experts", "social-partners", "national-tripartite-body", "decent-work", "ipec",
    "programme", "as-of", "stated", "undated", "former", "source-kinds", "discrepancy",
}  # fmt: skip


def test_the_terms_that_readers_meet_are_explained() -> None:
    assert set(BY_SLUG) >= ASKED_FOR


def test_no_two_terms_share_a_slug_or_a_name() -> None:
    assert len(BY_SLUG) == len(TERMS) == len({str(term.name) for term in TERMS})
    assert all(slugify(term.slug) == term.slug for term in TERMS)


def test_a_term_is_explained_in_whole_sentences_of_moderate_length() -> None:
    for term in TERMS:
        assert str(term.text).endswith(".") and str(term.text)[0].isupper()
        assert len(str(term.text)) <= 260, term.slug


def test_every_term_says_where_the_register_shows_it() -> None:
    routes = {pattern.name for pattern in urlpatterns}
    assert {term.route for term in TERMS} <= routes
