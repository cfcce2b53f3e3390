"""Paths of routes: as Django makes them, for each language and place of the site."""

import pytest
from django.urls import NoReverseMatch, get_script_prefix, reverse, set_script_prefix
from django.utils.translation import override

from engagement.models.paths import path_of


@pytest.mark.parametrize(("language", "start"), [("en", ""), ("fr", "/fr"), ("es", "/es"), ("en", "")])
def test_a_path_is_that_of_the_language_of_the_page(language: str, start: str) -> None:
    with override(language):
        assert path_of("engagement:organization", "itf") == f"{start}/organizations/itf/"
        assert path_of("files:cite-bib") == reverse("files:cite-bib")


def test_a_site_below_another_one_has_its_own_paths() -> None:
    before, prefix = path_of("engagement:about"), get_script_prefix()
    try:
        set_script_prefix("/register/")
        assert path_of("engagement:about") == f"/register{before}"
    finally:
        set_script_prefix(prefix)
    assert path_of("engagement:about") == before


def test_a_route_that_there_is_not_is_an_error_each_time() -> None:
    for _ in range(2):
        with pytest.raises(NoReverseMatch):
            path_of("engagement:nowhere")
