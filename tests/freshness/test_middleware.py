"""Who writes through the site finds the projections caught up when the answer arrives."""

from collections.abc import Sequence

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from engagement.freshness import Change, behind, register
from engagement.freshness.middleware import DrainAfterWriting
from engagement.freshness.projector import Report
from engagement.models import Theme
from tests.freshness.toys import number


class Themes:
    """The names of the themes it was told of."""

    name, tables = "themes", ("engagement_theme",)

    def __init__(self) -> None:
        self.names: list[str] = []

    def apply(self, changes: Sequence[Change]) -> None:
        self.names += Theme.objects.filter(pk__in=[change.key for change in changes]).values_list("name", flat=True)

    def rebuild(self, report: Report) -> None:
        self.names = list(Theme.objects.values_list("name", flat=True))


@pytest.fixture
def themes() -> Themes:
    projection = Themes()
    register(projection)
    return projection


def write(request: HttpRequest) -> HttpResponse:
    Theme.objects.create(name="Written")
    number()
    return HttpResponse("written")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "drained"),
    [("GET", False), ("HEAD", False), ("OPTIONS", False), ("POST", True), ("PUT", True), ("DELETE", True)],
)
def test_requests_that_write_drain_and_those_that_read_do_not(themes: Themes, method: str, drained: bool) -> None:
    answer = DrainAfterWriting(write)(RequestFactory().generic(method, "/"))
    assert (answer.status_code, "Written" in themes.names) == (200, drained)
    assert (behind() == 0) is drained


@pytest.mark.django_db
def test_a_projection_that_fails_does_not_spoil_the_answer(themes: Themes, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(changes: Sequence[Change]) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(themes, "apply", fail)
    answer = DrainAfterWriting(write)(RequestFactory().post("/"))
    assert isinstance(answer, HttpResponse) and answer.content == b"written"
    assert Theme.objects.filter(name="Written").exists() and behind() > 0


@pytest.mark.usefixtures("committed_register")
def test_a_record_saved_in_the_admin_is_projected_before_the_answer(themes: Themes) -> None:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("root", password="x"))
    answer = client.post(
        reverse("admin:engagement_theme_add"), {"name": "Saved by hand", "slug": "", "published": "on"}
    )
    assert (answer.status_code, behind()) == (302, 0)
    assert "Saved by hand" in themes.names
