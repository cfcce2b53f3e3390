"""V3 Web frontend security: what browsers are told of pages, cookies and other sites."""

import re
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.test import Client, override_settings

from engagement.directories import DIRECTORIES
from tests.asvs.deployed import Answer
from tests.browser.kinds import KINDS
from tests.factories import make_organization

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HERE = "http://testserver/"

Deployed = dict[str, Answer]
FILES = tuple(
    f"/{directory.name}.{ending}" for directory in DIRECTORIES[:2] for ending in ("csv", "xlsx", "json", "atom")
)
OTHERS = ("/robots.txt", "/sitemap.xml", "/opensearch.xml", "/data/register.zip", "/cite.bib?page=/organizations/",
          "/api/v1/", "/api/v1/organizations/", "/api/v1/docs/", "/admin/login/", "/admin/", "/no-such-page/", "/fr/",
          "/organizations.csv?colour=red", "/api/v1/nothing/", "/healthz")  # fmt: skip


@pytest.mark.parametrize("path", [*KINDS.values(), *FILES, *OTHERS])
def test_asvs_3_4_3_to_3_4_6_every_answer_says_so(client: Client, path: str) -> None:
    """Of the policy `default-src 'none'` holds for `object-src`, and `base-uri` stands there."""
    answer = client.get(path)
    policy = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert policy["frame-ancestors"] == "'none'" and answer["X-Frame-Options"] == "DENY"
    assert policy["default-src"] == policy["base-uri"] == "'none'" and "object-src" not in policy
    assert "unsafe" not in str(policy) and "*" not in str(policy) and "http" not in str(policy)


def test_asvs_3_4_3_the_policy_holds_for_errors_and_for_the_admin_of_a_public_site(deployed: Deployed) -> None:
    for what in (
        "home",
        "form",
        "missing",
        "misunderstood",
        "broken",
        "login",
        "without a code, a record",
        "file",
        "api",
    ):
        policy = deployed[what].headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "base-uri 'none'" in policy and "unsafe" not in policy, what


def test_asvs_3_4_4_to_3_4_6_hold_for_errors_of_a_public_site_too(deployed: Deployed) -> None:
    for what in ("home", "missing", "misunderstood", "broken", "login"):
        headers = deployed[what].headers
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "same-origin", what
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], what


def test_asvs_3_2_1_what_is_no_page_is_not_shown_as_one(client: Client) -> None:
    make_organization(name="<script>alert(1)</script>")
    for path in FILES:
        answer = client.get(path)
        assert answer.status_code == 200 and not answer["Content-Type"].startswith("text/html"), path
        shown = path.endswith(".atom") or "attachment" in answer["Content-Disposition"]
        assert shown and answer["X-Content-Type-Options"] == "nosniff", path
    for path in ("/api/v1/organizations/", "/api/v1/nothing/", "/organizations.csv?colour=red"):
        answer = client.get(path, headers={"accept": "text/html", "sec-fetch-dest": "document"})
        assert "json" in answer["Content-Type"], path
        assert (
            "sandbox" in answer["Content-Security-Policy"] or "default-src 'none'" in answer["Content-Security-Policy"]
        )


def test_asvs_3_3_1_cookies_are_secure_and_bound_to_the_host(deployed: Deployed) -> None:
    cookies = [cookie for answer in deployed.values() for cookie in answer.cookies]
    assert {cookie.partition("=")[0] for cookie in cookies} == {"__Host-csrftoken", "__Host-sessionid"}
    for cookie in cookies:
        assert "Secure" in cookie and "HttpOnly" in cookie and "Path=/;" in f"{cookie};" and "Domain" not in cookie
    for what in ("home", "file", "api", "missing", "misunderstood"):
        assert deployed[what].cookies == [], what


def test_asvs_3_3_2_cookies_are_not_sent_with_what_other_sites_begin(deployed: Deployed) -> None:
    cookies = [cookie for answer in deployed.values() for cookie in answer.cookies]
    assert len(cookies) >= 3 and all(re.search(r"SameSite=(Lax|Strict)", cookie) for cookie in cookies)


def test_asvs_3_4_1_the_site_is_reached_by_https_alone_for_a_year_and_so_are_its_subdomains(deployed: Deployed) -> None:
    assert deployed["plain"].status == 301 and deployed["plain"].headers["Location"].startswith("https://register.")
    for what, answer in deployed.items():
        if what not in ("plain", "elsewhere"):
            said = answer.headers["Strict-Transport-Security"]
            assert int(re.findall(r"max-age=(\d+)", said)[0]) >= 365 * 24 * 3600 and "includeSubDomains" in said, what


def test_asvs_3_4_2_other_sites_may_read_open_data_and_nothing_with_a_cookie(client: Client) -> None:
    asked = {"origin": "https://evil.example"}
    for path in ("/", "/organizations/", "/admin/login/", "/corrections/new/", "/requests/new/", "/contacts/check/"):
        assert "Access-Control-Allow-Origin" not in client.get(path, headers=asked), path
    for path in (*FILES, "/api/v1/organizations/", "/api/v1/nothing/"):
        answer = client.get(path, headers=asked)
        assert answer.get("Access-Control-Allow-Origin", "*") == "*", path
        assert "Access-Control-Allow-Credentials" not in answer and not answer.cookies, path
    assert settings.WHITENOISE_ALLOW_ALL_ORIGINS is False


def test_asvs_3_5_1_nothing_that_is_sent_is_taken_without_the_token_or_from_another_site() -> None:
    client = Client(enforce_csrf_checks=True)
    record = make_organization().slug
    with override_settings(REQUESTS=True, SITE_PUBLISHER="Invented"):
        forms = ("/admin/login/", f"/corrections/new/?record=organization:{record}", "/contacts/check/",
                 "/requests/new/?kind=details", "/admin/password_reset/")  # fmt: skip
        for form in forms:
            page = client.get(form)
            assert client.post(form, {"x": "y"}).status_code == 403, form
            token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
            if not token:
                continue
            said = {"csrfmiddlewaretoken": token[0]}
            assert client.post(form, said, headers={"origin": "https://evil.example"}).status_code == 403, form
            assert client.post(form, said).status_code != 403, form


def test_asvs_3_7_2_nobody_is_led_to_another_site(client: Client, django_user_model: type) -> None:
    django_user_model.objects.create_superuser("vera", "", "an invented passphrase")  # type: ignore[attr-defined]
    outside = (
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "https:evil.example",
        "1000",
        "javascript:1",
    )
    for number, target in enumerate(outside):
        said = {"username": "vera", "password": "an invented passphrase", "next": target}
        answer = Client().post("/admin/login/", said, REMOTE_ADDR=f"192.0.2.{number}")
        assert answer.status_code == 302, target
        assert urljoin(f"{HERE}admin/login/", answer["Location"]).startswith(HERE), target
    for path in ("/en//evil.example", "/FR//evil.example/", "//evil.example", "/organizations?q=//evil.example",
                 "/organizations/?utm_source=//evil.example&q=a"):  # fmt: skip
        answer = client.get(path)
        assert urljoin(HERE, answer.get("Location", "/")).startswith(HERE), path
