"""What holds for every public page, whatever it shows."""

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from engagement.urls import urlpatterns

pytestmark = pytest.mark.django_db

LITERAL = [reverse(f"engagement:{each.name}") for each in urlpatterns if "<" not in str(each.pattern)]
# There only where organizations may send requests (tests/views/test_requests.py).
ONLY_OPEN = {reverse("engagement:requests")}
PAGES = [path for path in LITERAL if not path.endswith((".csv", ".ics")) and path not in ONLY_OPEN]

# Forms that are sent: they need a cookie against forged ones, and no other (tests of their own).
FORMS = {reverse("engagement:meeting-check"), reverse("engagement:contact-check")}


@pytest.mark.parametrize("path", [path for path in PAGES if path not in FORMS])
def test_a_public_page_sets_no_cookie_and_varies_by_none(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert not response.cookies
    assert "cookie" not in response.get("Vary", "").lower()


@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_carries_the_strict_policy_and_says_that_the_site_is_not_the_ilo(
    client: Client, path: str
) -> None:
    response = client.get(path)
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "It is not a site of the ILO." in response.content.decode()


@override_settings(SITE_PUBLISHER="The Invented Institute")
def test_a_site_with_a_publisher_says_who_it_is_instead(client: Client) -> None:
    html = client.get("/about/").content.decode()
    assert "The Invented Institute" in html
    assert "It is not a site of the ILO." not in html


def test_search_engines_are_told_not_to_list_the_contacts(client: Client) -> None:
    assert '<meta name="robots" content="noindex">' in client.get("/contacts/").content.decode()
    assert "noindex" not in client.get("/organizations/").content.decode()
