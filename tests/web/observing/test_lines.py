"""A record is one line, JSON or text, whatever stands in it."""

import json
import logging
import sys
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError
from pytest_django import Settings

from engagement.web.observing.identity import set_request_id
from engagement.web.observing.lines import JsonLines, Lines, configuration


def record(message: str, *arguments: Any, name: str = "engagement", error: BaseException | None = None) -> Any:
    told = (type(error), error, error.__traceback__) if error is not None else None
    return logging.LogRecord(name, logging.WARNING, __file__, 1, message, arguments, told)


@pytest.mark.parametrize("said", ["two\nlines", 'a "quoted" {brace}', "half a character \ud800", "\x00\x1b[31m", "ü"])
def test_a_record_is_one_line_that_can_be_read_back(said: str) -> None:
    line = JsonLines().format(record("It says %s", said))
    assert line.isascii() and "\n" not in line
    assert json.loads(line)["message"] == " ".join(f"It says {said}".split())
    text = Lines().format(record("It says %s", said))
    assert "\n" not in text and "level=warning from=engagement" in text
    text.encode()


def test_within_a_request_a_line_names_it() -> None:
    set_request_id("abcdefgh")
    try:
        assert json.loads(JsonLines().format(record("Well")))["request"] == "abcdefgh"
    finally:
        set_request_id("")
    assert "request" not in json.loads(JsonLines().format(record("Well")))


@pytest.mark.parametrize(("kind", "tells"), [(ValueError, False), (IntegrityError, False), (OperationalError, True)])
def test_an_error_is_told_by_kind_and_place_and_in_its_words_only_where_they_are_of_the_database(
    kind: type[Exception], tells: bool
) -> None:
    try:
        raise kind("words of somebody")
    except kind:
        line = JsonLines().format(record("It failed", error=sys.exc_info()[1]))
    said = json.loads(line)
    assert said["error"].endswith(kind.__name__) and said["where"][0].endswith(
        "test_an_error_is_told_by_kind_and_place_and_in_its_words_only_where_they_are_of_the_database"
    )
    assert ("words of somebody" in line) is tells


def test_of_what_django_says_of_a_request_the_path_is_left_out() -> None:
    said = JsonLines().format(
        record("%s: %s", "Internal Server Error", "/contacts/confirm/secret/", name="django.request")
    )
    assert json.loads(said)["message"] == "Internal Server Error"


def test_the_form_is_chosen_by_the_setting_and_requests_are_left_out_while_debugging(settings: Settings) -> None:
    settings.LOG_FORMAT = "text"
    assert configuration()["formatters"]["lines"]["()"] is Lines
    settings.LOG_FORMAT = "json"
    assert configuration()["formatters"]["lines"]["()"] is JsonLines
    assert configuration()["loggers"]["register.requests"]["level"] == "INFO"
    settings.DEBUG = True
    assert configuration()["loggers"]["register.requests"]["level"] == "WARNING"
