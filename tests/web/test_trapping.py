"""The traps in the public forms: programs are caught, and whoever is caught loses nothing of what they wrote."""

from typing import Any

import pytest
from django import forms
from django.core import signing
from django.template.loader import render_to_string

from engagement.web import trapping


class Invented(trapping.Trapped):
    said = forms.CharField()


def sent(**fields: Any) -> Invented:
    return Invented({"said": "A sentence", "shown_at": trapping.now_signed(), **fields})


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trapping, "QUICKEST", -1)


def test_a_form_that_comes_back_in_time_is_taken(unhurried: None) -> None:
    assert sent().is_valid()


def test_a_form_that_comes_back_within_a_moment_is_not_and_the_same_form_is_taken_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    form = sent()
    assert not form.is_valid() and "within a moment" in str(form.errors)
    again = {name: form[name].value() for name in form.fields}
    assert again["said"] == "A sentence"
    monkeypatch.setattr(trapping, "QUICKEST", -1)
    assert Invented(again).is_valid()


def test_a_field_that_nobody_sees_catches_whoever_fills_it(unhurried: None) -> None:
    form = sent(website_2="https://invented.example")
    assert not form.is_valid() and form["said"].value() == "A sentence"


@pytest.mark.parametrize(
    "shown_at",
    ["", "shown", "shown:1:x", pytest.param(signing.TimestampSigner(salt="another").sign("shown"), id="another salt")],
)
def test_a_time_that_this_site_did_not_sign_is_refused_and_the_form_that_is_shown_carries_a_new_one(
    unhurried: None, shown_at: str
) -> None:
    of_another = signing.TimestampSigner(salt="another").sign("shown")
    form = sent(shown_at=of_another if shown_at == "of another form" else shown_at)
    assert not form.is_valid()
    assert Invented({name: form[name].value() for name in form.fields}).is_valid()


def test_a_form_that_was_open_for_more_than_a_day_is_shown_anew(
    unhurried: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trapping, "LONGEST", -1)
    assert not sent().is_valid()


def test_the_field_is_out_of_sight_of_the_keyboard_and_of_screen_readers() -> None:
    html = render_to_string("engagement/_traps.html", {"form": Invented()})
    assert 'tabindex="-1"' in html and 'aria-hidden="true"' in html and 'autocomplete="off"' in html
    assert 'name="shown_at"' in html
