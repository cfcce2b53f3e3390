"""What the questions are about."""

import pytest

from bench.data import database_url, misspelt, most_distinct

pytestmark = pytest.mark.once


def test_the_name_to_be_misspelt_is_one_that_no_other_resembles() -> None:
    names = ["Invented Workers Union", "Invented Workers Alliance", "Unheard Lamplighters Confederation", "Été inventé"]
    assert most_distinct(names) == "Unheard Lamplighters Confederation"


def test_names_without_long_words_are_taken_as_they_are() -> None:
    assert most_distinct(["a b", "a a"]) in ("a b", "a a")


def test_a_name_is_misspelt_in_its_first_and_its_last_long_word() -> None:
    assert misspelt("Invented Confederation of Lamplighters") == "Invnted Confederation of Lamlpighters"
    assert misspelt("The Lamplighters") == "The Lamlighters"


def test_the_database_of_a_size_stands_on_the_server_that_is_named() -> None:
    assert database_url("postgres://me@host:5432/postgres", 200) == "postgres://me@host:5432/register_bench_200"
