"""What stands on the page of an organization: only what there is is asked for, of it and of no other."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from engagement.models import (
    Attendance,
    ConsultativeLink,
    Organization,
    OrganizationIdentifier,
    OrganizationLink,
    OrganizationName,
    Project,
    ProjectPartner,
    Seat,
    Theme,
)
from engagement.views.organization_facts import PARTS, organization_or_404, parts_of
from tests.factories import make_country, make_invitation, make_meeting, make_organization, make_source, make_status

pytestmark = pytest.mark.django_db
DAY = datetime.date(2006, 11, 14)


def with_everything() -> Organization:
    """One row of each part, begun in 1999 where it has a beginning."""
    source, meeting = make_source(), make_meeting(start="1999")
    body = make_organization(source=source)
    own: dict[str, Any] = {"organization": body, "source": source}
    make_status(granted="1999", **own)
    ConsultativeLink.objects.create(wording="observer", since="1999", **own)
    OrganizationName.objects.create(name="Another name", kind="former", since="1999", **own)
    Seat.objects.create(country=make_country("XA"), since="1999", **own)
    OrganizationIdentifier.objects.create(scheme="UIA", value="1", **own)
    OrganizationLink.objects.create(organization=make_organization(), other=body, kind="merged-into", source=source)
    make_invitation(meeting=meeting, **own)
    Attendance.objects.create(meeting=meeting, name_as_printed="Body", reported="spoke", **own)
    project = Project.objects.create(title="Invented project", start="1999", source=source)
    ProjectPartner.objects.create(project=project, name="Body", **own)
    body.themes.add(Theme.objects.order_by("slug")[0])
    return body


@pytest.mark.parametrize("on", [None, DAY])
def test_every_part_is_found_and_knows_its_organization_without_another_query(on: datetime.date | None) -> None:
    slug = with_everything().slug
    with CaptureQueriesContext(connection) as queries:
        body = organization_or_404(slug)
        parts = parts_of(body, on)
        assert all(fact.organization is body for fact in parts["seats"] + parts["statuses"] + parts["attendances"])
        assert [seat.country.iso2 for seat in parts["seats"]] == ["XA"]
        assert [fact.meeting.start for fact in parts["invitations"] + parts["attendances"]] == ["1999", "1999"]
        assert [status.source.title for status in parts["statuses"]] == [body.source.title]
    assert {name: len(rows) for name, rows in parts.items()} == dict.fromkeys(PARTS, 1)
    assert len(queries) == 1 + len(PARTS)


def test_where_nothing_is_recorded_one_query_says_so() -> None:
    with_everything()
    slug = make_organization().slug
    with CaptureQueriesContext(connection) as queries:
        parts = parts_of(organization_or_404(slug), None)
    assert parts == {name: [] for name in PARTS} and len(queries) == 1


def test_what_had_not_begun_on_the_day_is_left_out() -> None:
    parts = parts_of(organization_or_404(with_everything().slug), datetime.date(1990, 1, 1))
    assert {name for name, rows in parts.items() if rows} == {"identifiers", "relations", "themes"}


def test_what_is_not_published_is_not_found() -> None:
    body = with_everything()
    body.seats.update(published=False)
    body.themes.update(published=False)
    parts = parts_of(organization_or_404(body.slug), None)
    assert (parts["seats"], parts["themes"], len(parts["names"])) == ([], [], 1)
    Organization.objects.filter(pk=body.pk).update(published=False)
    with pytest.raises(Http404):
        organization_or_404(body.slug)
