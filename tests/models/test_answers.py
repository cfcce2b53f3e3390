"""The vocabulary of the guide, and the field that keeps answers of it."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from engagement.models.answers import (
    CODES,
    QUESTIONS,
    VOCABULARIES,
    AnswersField,
    AnswersFormField,
    condition,
    in_words,
)


def test_every_question_has_words_and_answers() -> None:
    assert list(QUESTIONS) == list(VOCABULARIES)
    assert all(vocabulary.values for vocabulary in VOCABULARIES.values())


def test_all_answers_at_once_fit_into_the_column() -> None:
    assert len(" ".join(CODES)) <= (AnswersField("x").max_length or 0)


def test_answers_are_kept_once_each_and_in_the_order_of_the_questions() -> None:
    assert AnswersField("x").to_python("papers:statutes  reach:one-region papers:statutes") == (
        "reach:one-region papers:statutes"
    )
    assert AnswersField("x").to_python(None) == ""


@pytest.mark.parametrize("code", ["reach:everywhere", "colour:blue", "one-region", "reach:", "papers:statutes,members"])
def test_what_is_no_answer_is_refused_and_named(code: str) -> None:
    with pytest.raises(ValidationError, match=code):
        AnswersField("x").to_python(f"reach:one-region {code}")


def test_a_condition_holds_the_answers_by_question() -> None:
    assert condition("reach:one-region reach:several-regions papers:statutes") == {
        "reach": {"one-region", "several-regions"},
        "papers": {"statutes"},
    }
    assert condition("") == {}


def test_answers_are_told_in_words() -> None:
    assert in_words("reach:one-country papers:statutes") == "In one country; Statutes or by-laws"
    assert in_words("") == ""


def test_the_form_offers_every_answer_and_gives_back_the_text_that_is_kept() -> None:
    field = AnswersFormField(required=False)
    groups: Any = field.choices
    offered = [value for _question, answers in groups for value, _label in answers]
    assert offered == CODES
    assert field.clean(["papers:statutes", "reach:one-region"]) == "reach:one-region papers:statutes"
    assert field.clean([]) == ""
    assert field.prepare_value("reach:one-region papers:statutes") == ["reach:one-region", "papers:statutes"]
    assert not field.has_changed("reach:one-region", ["reach:one-region"])
    assert field.has_changed("reach:one-region", [])
    with pytest.raises(ValidationError):
        field.clean(["reach:everywhere"])
