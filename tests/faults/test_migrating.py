"""A migration that is killed: what is recorded is done, what is not is undone, and the next run goes on."""

from pathlib import Path

from tests import environment
from tests.environment import REGISTER
from tests.faults.doing import CHANCE, LONG, Figure, killed_once_it_says, manage, often, python, require_whole

# Tables, columns, indexes and constraints as the engine has them, but for what is made after migrations.
SCHEMA = """
import json
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
OURS = "NOT LIKE ALL (ARRAY['search%', 'freshness%'])"
statements = {
    "sqlite": ["SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'search%' AND name NOT LIKE 'freshness%'"],
    "postgresql": [
        "SELECT table_name, column_name, data_type, is_nullable, column_default, generation_expression "
        f"FROM information_schema.columns WHERE table_schema = 'public' AND table_name {OURS}",
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        f"WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text {OURS}",
        f"SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename {OURS}",
    ],
}[connection.vendor]
found = []
with connection.cursor() as cursor:
    for statement in statements:
        cursor.execute(statement)
        found.append(sorted(map(str, cursor.fetchall())))
print(json.dumps([found, sorted(map(str, MigrationRecorder(connection).applied_migrations()))]))
"""
# Back to here and forward again: columns, rows, constraints and indexes; at length the tables of histories too.
FROM = "0004" if LONG else "0005"
# Seconds after the first migration has begun in which it is killed.
WITHIN = 2.0 if LONG else 0.5


def test_a_migration_that_is_killed_is_taken_up_where_it_was(tmp_path: Path, figure: Figure) -> None:
    kills = often(2, 20)
    with environment.own_database(tmp_path, "register_migrating", REGISTER) as database:
        settings = environment.portal(tmp_path, DATABASE_URL=database)
        manage(settings, "migrate", "engagement", FROM, "--verbosity=0")
        manage(settings, "migrate", "--verbosity=0")
        wanted, ended, has_ended = python(settings, SCHEMA), 0, True
        for number in range(kills):
            if has_ended or number % 3 == 0:  # else where the last one was killed
                manage(settings, "migrate", "engagement", FROM, "--verbosity=0")
            has_ended = killed_once_it_says("Applying", CHANCE.uniform(0, WITHIN), "migrate", settings=settings)
            ended += has_ended
        manage(settings, "migrate", "--verbosity=0")
        figure(f"{kills} kills ({ended} came after the end): 0 half-applied")
        assert ended < kills
        assert python(settings, SCHEMA) == wanted
        require_whole(settings)
