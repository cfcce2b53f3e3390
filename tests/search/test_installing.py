"""The tables of search: there after every migration, made again where they are missing."""

import pytest
from django.core.management import call_command
from django.db import connection

from engagement.search import compare, install, rebuild
from engagement.search.engine import TABLES
from engagement.search.engines import engine_for
from engagement.search.postgresql import PostgreSQLEngine
from engagement.search.sqlite import SQLiteEngine
from tests.search.toys import ON_POSTGRESQL, TOYS, put, run, stored

pytestmark = pytest.mark.django_db


def tables() -> set[str]:
    return {name for name in connection.introspection.table_names() if name in TABLES}


def test_the_engine_is_that_of_the_database() -> None:
    assert type(engine_for("default")) is (PostgreSQLEngine if ON_POSTGRESQL else SQLiteEngine)


def test_the_tables_are_there_and_installing_again_changes_nothing() -> None:
    put("Council")
    before = stored(TOYS)
    assert tables() == set(TABLES)
    install()
    install()
    assert stored(TOYS) == before != []


def test_tables_that_were_dropped_come_back_empty_and_are_filled_by_a_rebuild() -> None:
    for table in TABLES:
        run(f"DROP TABLE {table}")
    call_command("migrate", verbosity=0)
    assert tables() == set(TABLES)
    rebuild(TOYS, [])
    assert not compare(TOYS, []) and not any(stored(TOYS))


def test_tables_of_another_version_are_dropped() -> None:
    run("CREATE TABLE search_word_v0 (word text)")
    run("CREATE TABLE search_words_of_another_kind (word text)")
    assert install() is False
    names = connection.introspection.table_names()
    assert "search_word_v0" not in names and "search_words_of_another_kind" in names


def test_no_migration_and_no_model_knows_the_tables() -> None:
    assert not set(connection.introspection.django_table_names()) & set(TABLES)
