"""docs/architecture.md says how to add a collection; here its own code blocks are followed to the letter."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, override_settings

from engagement.models import InvitationDecision

pytestmark = pytest.mark.django_db

DOCUMENT = Path(settings.BASE_DIR, "docs", "architecture.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The fenced blocks of the page in that language, in order."""
    return re.findall(rf"```{language}\n(.*?)```", DOCUMENT, flags=re.DOTALL)


@pytest.fixture
def temporary_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    directory, routes, file_routes = blocks("python")
    row, detail = blocks("django")
    (tmp_path / "decisions.py").write_text(directory)
    (tmp_path / "routes.py").write_text(routes)
    (tmp_path / "file_routes.py").write_text(file_routes)
    templates = tmp_path / "templates" / "engagement" / "decisions"
    templates.mkdir(parents=True)
    (templates / "_row.html").write_text(row)
    (templates / "detail.html").write_text(detail)
    monkeypatch.syspath_prepend(tmp_path)
    (engine,) = settings.TEMPLATES
    folders = [*settings.TEMPLATES[0]["DIRS"], tmp_path / "templates"]  # type: ignore[misc]
    (tmp_path / "urls_with_decisions.py").write_text(
        "from django.urls import include, path\n"
        "rooms = ['engagement.file_urls', 'routes', 'file_routes', 'engagement.urls', 'engagement.api.urls']\n"
        "urlpatterns = [path('', include(room)) for room in rooms]\n"
    )
    with override_settings(TEMPLATES=[{**engine, "DIRS": folders}], ROOT_URLCONF="urls_with_decisions"):
        yield
    for name in ("decisions", "routes", "file_routes", "urls_with_decisions"):
        sys.modules.pop(name, None)


def test_the_steps_of_the_architecture_page_add_a_working_collection(temporary_app: None, client: Client) -> None:
    decision = InvitationDecision.objects.published().exclude(date="")[0]
    page = client.get("/decisions/")
    assert page.status_code == 200
    assert f"{InvitationDecision.objects.published().count()} decisions" in page.content.decode()
    assert client.get(f"/decisions/{decision.key}/").status_code == 200
    assert client.get("/decisions/", {"year": decision.date[:4]}).status_code == 200
    assert client.get("/decisions/", {"colour": "blue"}).status_code == 400
    file = client.get("/decisions.json", {"year": decision.date[:4]}).getvalue()
    assert decision.key in [row["key"] for row in json.loads(file)["results"]]
