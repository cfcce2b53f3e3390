"""What browsers are told with every answer: pages, files, static files, errors, the admin, and what the cache keeps."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client, override_settings

from engagement.web.headers import PERMISSIONS_POLICY
from tests import environment

pytestmark = pytest.mark.django_db

EVERYWHERE = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
CLOSED = ("/", "/fr/organizations/", "/organizations/?colour=blue", "/no-such/", "/organizations/?q=%00",
          "/healthz", "/admin/",
          "/admin/login/", "/corrections/new/", "/sitemap.xml", "/robots.txt")  # fmt: skip
OPEN = (
    "/organizations.csv",
    "/organizations.atom",
    "/api/v1/",
    "/api/v1/offices/?q=%00",
    "/api/v1/reconcile",
    "/cite.bib?page=/data/",
)


@pytest.mark.parametrize("path", [*CLOSED, *OPEN])
def test_every_answer_says_what_other_sites_may_do_with_it(client: Client, path: str) -> None:
    answer = client.get(path)
    assert {name: answer.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert answer["Cross-Origin-Resource-Policy"] == ("cross-origin" if path in OPEN else "same-origin")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert "*" not in policy and "http" not in policy


@override_settings(PAGE_CACHE=True, PAGE_CACHE_BYTES=64 * 1024 * 1024)
def test_a_page_from_the_cache_has_the_headers_with_which_it_was_made_and_so_has_a_304(client: Client) -> None:
    first, again = client.get("/about/"), client.get("/about/")
    known = client.get("/about/", headers={"if-none-match": first["ETag"]})
    assert known.status_code == 304
    for answer in (first, again, known):
        assert {name: answer.get(name) for name in EVERYWHERE} == EVERYWHERE
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_static_files_have_them_too_and_are_open_to_no_other_site(tmp_path: Path) -> None:
    with override_settings(STATIC_ROOT=str(tmp_path), INSTALLED_APPS=["django.contrib.staticfiles"]):
        call_command("collectstatic", verbosity=0, interactive=False)
        answer = Client().get("/static/css/site.css")
    assert answer.status_code == 200
    assert {name: answer.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin" and "Access-Control-Allow-Origin" not in answer


def test_no_page_asks_for_what_the_policy_refuses() -> None:
    scripts = "".join(path.read_text() for path in Path("static/js").glob("*.js"))
    assert scripts and not re.search(r"geolocation|getUserMedia|PaymentRequest|navigator\.usb|requestMIDI", scripts)
    assert re.fullmatch(r"([a-z-]+=\(\)(, )?)+", PERMISSIONS_POLICY)


# -- Cookies ---------------------------------------------------------------------------------------------------------


def test_staff_have_one_cookie_of_the_session_and_one_of_their_forms_and_no_other(client: Client) -> None:
    client.post("/admin/login/", {"username": "nobody", "password": "nothing"})
    assert set(client.cookies) <= {"csrftoken", "sessionid"}


def test_what_the_site_tells_staff_stands_in_their_session_and_in_no_cookie(admin_client: Client) -> None:
    answer = admin_client.post("/admin/engagement/theme/", {"action": "publish", "index": "0"}, follow=True)
    assert "messagelist" in answer.content.decode() and set(admin_client.cookies) == {"sessionid", "csrftoken"}


@pytest.mark.once
def test_on_a_public_site_cookies_are_bound_to_it_and_sent_to_it_alone(tmp_path: Path) -> None:
    asked = """
from django.conf import settings
from django.test import Client
settings.ALLOWED_HOSTS = ["testserver"]
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
client = Client()
for path in ("/", "/admin/login/"):
    answer = client.get(path, secure=True)
    print(path, answer.get("Strict-Transport-Security"), *(each.OutputString() for each in answer.cookies.values()))
"""
    with environment.own_database(tmp_path, "headers", environment.TABLES) as database:
        settings = environment.portal(tmp_path, HTTPS="1", DATABASE_URL=database)
        done = environment.manage("shell", "--no-imports", "-c", asked, settings=settings)
    assert done.returncode == 0, done.stderr
    public, login = done.stdout.strip().splitlines()
    assert public == "/ max-age=31536000; includeSubDomains; preload"
    assert "__Host-csrftoken=" in login
    for part in ("HttpOnly", "Path=/;", "SameSite=Lax", "Secure"):
        assert part in login
    assert "Domain=" not in login
