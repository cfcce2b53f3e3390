"""Snapshots in the database: once a revision, outside of the change log, withdrawn only with a reason."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from engagement.freshness import revision, watched_of
from engagement.models import Keeper, Snapshot

pytestmark = pytest.mark.django_db


def make_snapshot(**fields: Any) -> Snapshot:
    defaults = {
        "revision": 7,
        "collection": "organizations",
        "title": "Organizations",
        "rows": 0,
        "site": "https://register.example",
        "sha256": "0" * 64,
        "size": 3,
        "body": b"abc",
        "kept_by": Keeper.OPERATOR,
    }
    return Snapshot.objects.create(**{**defaults, **fields})


def refused(constraint: str, **fields: Any) -> bool:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        make_snapshot(**fields)
    # SQLite names the columns of what is not unique, and no constraint.
    return constraint in str(error.value) or (connection.vendor == "sqlite" and "UNIQUE" in str(error.value))


def test_keeping_is_no_change_of_the_data() -> None:
    before = revision()
    make_snapshot().withdraw("It named a person.")
    assert revision() == before
    assert Snapshot._meta.db_table not in {watched.table for watched in watched_of()}


def test_one_question_is_kept_once_a_revision() -> None:
    make_snapshot(query="kind=ngo")
    make_snapshot(query="kind=ngo", revision=8)
    make_snapshot(query="kind=union")
    make_snapshot(query="kind=ngo", collection="statuses")
    assert refused("engagement_snapshot_once_a_revision", query="kind=ngo")


def test_what_is_withdrawn_is_empty_and_says_why() -> None:
    snapshot = make_snapshot()
    snapshot.withdraw("It named a person.")
    snapshot.refresh_from_db()
    assert (bytes(snapshot.body), snapshot.withdrawn_reason) == (b"", "It named a person.")
    assert snapshot.is_withdrawn and snapshot.sha256 == "0" * 64
    constraint = "engagement_snapshot_withdrawn_with_reason"
    assert refused(constraint, withdrawn_at=snapshot.withdrawn_at, body=b"")
    assert refused(constraint, withdrawn_at=snapshot.withdrawn_at, withdrawn_reason="It named a person.")
    assert refused(constraint, withdrawn_reason="It named a person.")


def test_every_name_in_the_key_is_filled_and_a_keeper_is_known() -> None:
    assert refused("engagement_snapshot_collection_filled", collection="")
    assert refused("engagement_snapshot_sha256_filled", sha256="")
    assert refused("engagement_snapshot_kept_by_known", kept_by="nobody")


def test_a_question_as_long_as_may_be_fits_into_the_key() -> None:
    letters = "".join(f"%{number:02X}" for number in range(256)) * 4  # as little alike as urlencoded text gets
    snapshot = make_snapshot(query=letters[:2_500])
    assert Snapshot.objects.get(query=snapshot.query) == snapshot


def test_what_readers_searched_for_in_their_own_words_is_not_listed() -> None:
    own = make_snapshot(query="q=anything+at+all", kept_by=Keeper.READER)
    filtered = make_snapshot(query="kind=ngo", kept_by=Keeper.READER)
    by_the_operator = make_snapshot(query="q=labour")
    assert set(Snapshot.objects.listed()) == {filtered, by_the_operator}
    assert Snapshot.objects.get(pk=own.pk).get_absolute_url() == "/snapshots/7/organizations/?q=anything+at+all"
