"""Nothing that is private leaves the register: marked texts are planted wherever there is something private, and looked
for in all that a running portal answers to strangers and writes into its log."""

import http.client
import io
import itertools
import json
import re
import sys
import threading
import zipfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pytest

from engagement.directories import DIRECTORIES
from tests.browser.kinds import KINDS
from tests.browser.site import Site, running_site

pytestmark = [pytest.mark.once, pytest.mark.slow]

# In whatever is private, in texts and addresses; and the numbers of a telephone. What is asked is never one of these:
# pages repeat questions.
CANARY, PHONE = "qzcanary", "5557193"
# What is public: to find it shows that the walk comes where things stand, and that the search for marks finds them.
SHOWN = "xqvisible"
# What strangers may ask that stands beside a canary. Nothing may be found by it.
BESIDE = ("Wilhelmina", "Zqvera Zqverone", "zqdesk", "zqbylaws", "zqverissima")
PLANT = f"""
import json
from django.contrib.auth import get_user_model
from django.utils import timezone
from engagement.desk import requests
from engagement.desk.journal import Edit, operation
from engagement.desk.models import *
from engagement.models import *
from engagement.roles import ROLES, give

MARK = "{CANARY}"
source = Source.objects.published()[0]
sourced = {{"source": source, "as_of": "2020"}}
vera = get_user_model()(username="vera-" + MARK, email="vera@" + MARK + ".example", first_name=MARK)
vera.set_password(MARK * 3)
give(vera, ROLES["contact-officer"])

texts = {{name: "zqverissima " + MARK for name in ("title", "address", "note", "purpose", "consent_source")}}
hidden = Contact.objects.create(name="Wilhelmina " + MARK, email="zqdesk@" + MARK + ".example",
    phone="+41 22 555 71 93", public=False, lawful_basis="consent", **texts, **sourced)
Contact.objects.create(name="Plain Xqvisible", public=True, lawful_basis="public-role", purpose=MARK,
    email="zqdesk2@" + MARK + ".example", consent_source=MARK, **sourced)
ContactConfirmation.objects.create(contact=hidden, digest="1" * 64, sent_to="2" * 64, actor_name=MARK,
    answered_at=timezone.now(), answer="wrong", message=MARK)

Organization.objects.create(name="Wilhelmina " + MARK + " Society", note=MARK, published=False, **sourced)
body = Organization.objects.create(name="Invented Xqvisible Guild", note="Plainly seen", **sourced)

made, _told = requests.begin("status", "en")
requests.fill(made, {{"name": "Wilhelmina " + MARK, "country": Country.objects.get(iso2="CH"), "first_time": True,
    "category": ConsultativeCategory.objects.get(slug="special-list"), "contact_name": "Zqvera Zqverone " + MARK,
    "email": "zqverissima@" + MARK + ".example", "statement": MARK}})
RequestPaper.objects.create(request=made, kind="other", file_name="zqbylaws-" + MARK + ".pdf",
    content_type="application/pdf", sha256="0" * 64, size=3, body=MARK.encode())
requests.send(made)

about = {{"kind": "organization", "record_key": body.slug, "label": body.name, "field": "acronym", "proposed": "IXG",
    "evidence": MARK, "email": "zqverissima@" + MARK + ".example"}}
Correction.objects.create(reference="C-1111-1111", **about)
Correction.objects.create(reference="C-2222-2222", state="published", decided_at=timezone.now(), decided_by=vera,
    decided_by_name=vera.username, reason="Published", **about)
with operation("bulk", "zqverissima " + MARK, vera) as journal:
    journal.change([Edit(body, {{"website": ""}}, {{"website": "https://xqvisible.example/"}})])
ImportRun.objects.create(kind="contacts", file_name=MARK + ".csv", sha256="0" * 64, size=3, body=MARK.encode(),
    actor=vera, actor_name=vera.username)
print(json.dumps({{"receipt": made.receipt, "body": body.slug, "source": source.slug}}))
"""


@dataclass
class Walk:
    """What came of asking: how many answers by status, and where which marks stood."""

    statuses: Counter[int]
    found: dict[str, set[str]]

    @property
    def answers(self) -> int:
        return self.statuses.total()

    def leaks(self) -> list[str]:
        return sorted(address for mark in (CANARY, PHONE) for address in self.found[mark])


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("canaries")


@pytest.fixture(scope="module")
def site(var: Path) -> Iterator[Site]:
    more = {"REQUESTS": "1", "SITE_PUBLISHER": "Invented publisher", "RATE_LIMITS": "0", "PAGE_CACHE": "1"}
    with running_site(var, **more) as running:
        yield running


class Reader(threading.local):
    """Asks one site; each thread in a connection of its own."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        self.connection = http.client.HTTPConnection(self.host, timeout=60)

    def ask(self, address: str) -> tuple[int, bytes]:
        """Status, and headers with the body, of which what is packed is unpacked."""
        self.connection.request("GET", address, headers={"Host": self.host})
        answer = self.connection.getresponse()
        body = answer.read()
        return answer.status, str(answer.headers).encode() + b"".join(unpacked(body))


def unpacked(body: bytes) -> Iterator[bytes]:
    yield body
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            yield from (archive.read(name) for name in archive.namelist())


def walked(reader: Reader, addresses: list[str]) -> Walk:
    walk = Walk(Counter(), {CANARY: set(), PHONE: set(), SHOWN: set()})

    def ask(address: str) -> tuple[str, int, set[str]]:
        status, said = reader.ask(address)
        text = unescape(said.decode("utf-8", "replace")).casefold()
        without_blanks = re.sub(r"[\s().-]", "", text) if "555" in text else ""
        marks = {mark for mark in (CANARY, SHOWN) if mark in text} | ({PHONE} if PHONE in without_blanks else set())
        return address, status, marks

    with ThreadPoolExecutor(4) as pool:
        for address, status, marks in pool.map(ask, addresses):
            walk.statuses[status] += 1
            for mark in marks:
                walk.found[mark].add(address)
    return walk


# -- What is asked ---------------------------------------------------------------------------------------------------


def text_of(reader: Reader, address: str) -> str:
    return reader.ask(address)[1].decode("utf-8", "replace")


def pages(reader: Reader) -> list[str]:
    """Every second page of the sitemap, by turns in one of the languages; in all of them what it leaves out."""
    files = re.findall(r"<loc>https?://[^/]+([^<]+)</loc>", text_of(reader, "/sitemap.xml"))
    found = [path for file in files for path in re.findall(r"<loc>https?://[^/]+([^<]+)</loc>", text_of(reader, file))]
    others = (
        "/contacts/",
        "/contacts/check/",
        "/requests/",
        "/requests/new/?kind=status",
        "/requests/new/?kind=details",
    )
    in_turn = [path for number, path in enumerate(found) if number % 6 == number // 6 % 3]
    return in_turn + [f"{prefix}{path}" for prefix in ("", "/fr", "/es") for path in others] + files


def files_of_records(found: list[str]) -> Iterator[str]:
    """By turns the feed of a record and what the API says of it; of each tenth what else there is in its name."""
    collections = {directory.name for directory in DIRECTORIES}
    records = [path.removeprefix("/fr").removeprefix("/es") for path in found]
    for number, path in enumerate(path for path in records if re.fullmatch(r"/[a-z]+/[\w-]+/", path)):
        collection, key = path.strip("/").split("/")
        if number % 2:
            yield f"{path.rstrip('/')}.atom"
        elif collection in collections:
            yield f"/api/v1{path}"
        if number % 10 == 0:
            yield f"{path}?on=2006-11-15"
            yield f"/corrections/new/?record={quote(collection.removesuffix('s'))}%3A{key}"
            yield from (f"/cite.{form}?page={quote(path)}" for form in ("bib", "ris", "json"))


# What no list may be asked, so that nothing private decides what it shows.
WRONG = (
    ("sort", "email"), ("sort", "contacts__email"), ("email", "a"), ("contacts__email__contains", "a"),
    ("public", "false"), ("published", "false"), ("format", "html"), ("page", "99"), ("on", "2006-11-15"),
)  # fmt: skip


def lists(reader: Reader) -> Iterator[str]:
    """Each collection whole in each form; by each value of its filters, and what it may not be asked, by turns."""
    for directory in DIRECTORIES:
        name = directory.name
        forms = (f"/{name}.csv", f"/{name}.json", f"/{name}.atom", f"/api/v1/{name}/")
        yield from (f"/{name}/", f"/fr/{name}/", f"/es/{name}/?letter=W", *forms, f"/{name}.xlsx")
        yield from (f"/api/v1/{name}/since/0/", f"/api/v1/docs/{name}/")
        page = text_of(reader, f"/{name}/")
        chosen = re.findall(r'name="([a-z_]+)" value="([^"]+)"', page)
        orders = [("sort", order) for order in re.findall(r'<option value="(-?[a-z_]+)"', page)]
        for number, pair in enumerate(dict.fromkeys([*WRONG, *orders, *chosen])):
            # CSV and JSON cost least, so that everything is asked of them; as of a day rows come another way.
            ways = [*forms[:2], *([forms[2 + number // 4 % 2]] if number % 4 == 0 else ())]
            ways += [f"/{name}/"] if number % 8 == 0 or pair in WRONG else []
            yield from (f"{way}?{urlencode([pair])}" for way in ways)
            if pair[0] != "on":
                past = urlencode(sorted([pair, ("on", "2006-11-15")]))
                yield from (f"{way}?{past}" for way in forms[: 1 + number % 2])


def searches() -> Iterator[str]:
    """Everything that can be asked for words, for what stands beside the canaries."""
    for words in (*BESIDE, "Xqvisible", "contact"):
        q = urlencode({"q": words})
        yield from (f"{prefix}/search/?{q}" for prefix in ("", "/fr", "/es"))
        for directory in DIRECTORIES:
            yield from (f"/{directory.name}{end}?{q}" for end in ("/", ".csv", ".json", ".atom"))
            yield f"/api/v1/{directory.name}/?{q}"
        yield "/api/v1/reconcile?" + urlencode({"queries": f'{{"q0": {{"query": "{words}"}}}}'})
        yield f"/api/v1/reconcile/suggest/entity?prefix={quote(words)}"


def strangers_tries(told: dict[str, str]) -> Iterator[str]:
    """Errors, secrets, the admin without a password, and the pages that know a receipt or a reference."""
    yield from KINDS.values()
    for prefix, path in itertools.product(("", "/fr", "/es"), (
        f"/requests/{told['receipt']}/", "/corrections/C-1111-1111/", "/corrections/C-2222-2222/", "/corrections/",
        "/contacts/confirm/no-such-secret/", "/requests/continue/no-such-secret/", f"/organizations/{told['body']}/",
        "/organizations/wilhelmina/", "/no-such-page/", "/changes/?page=2", "/compare/?from=2020-01-01&to=2026-11-30",
        "/admin/", "/admin/login/", "/admin/engagement/contact/", "/admin/desk/request/", "/admin/password_reset/",
        "/admin/engagement/contact/1/change/", "/coverage/", "/snapshots/", "/participation/",
        f"/sources/{told['source']}/",
    )):  # fmt: skip
        yield prefix + path
    yield from ("/data/register.zip", "/data/iati-activities.xml", "/robots.txt", "/opensearch.xml", "/healthz",
                "/readyz", "/metrics", "/.well-known/security.txt", "/api/v1/", "/api/v1/schema/", "/api/v1/nothing/",
                "/api/v1/contacts/wilhelmina/", "/organizations.csv?colour=red", "/organizations/?page=x", "/static/",
                "/var/register.sqlite3", "/.env", "/categories/by-year.csv", "/countries/map.csv")  # fmt: skip


def everything(reader: Reader, told: dict[str, str]) -> list[str]:
    found = pages(reader)
    ways = (found, files_of_records(found), lists(reader), searches(), strangers_tries(told))
    return list(dict.fromkeys(itertools.chain(*ways)))


# -- What comes of it ------------------------------------------------------------------------------------------------


def test_in_five_thousand_answers_and_the_log_nothing_private_stands(site: Site, var: Path) -> None:
    planted: dict[str, str] = json.loads(site.manage("shell", "--no-imports", "-c", PLANT).splitlines()[-1])
    reader = Reader(site.url)
    addresses = everything(reader, planted)
    walk = walked(reader, addresses)
    sys.stdout.write(f"{walk.answers} answers, {dict(sorted(walk.statuses.items()))}, {len(walk.leaks())} hits\n")
    assert walk.leaks() == []
    log = (var / "serve.log").read_text(encoding="utf-8").casefold()
    assert CANARY not in log and not [words for words in BESIDE if words.casefold() in log]
    # It could have failed: it came to as many pages as it should, and found what was public in each form.
    assert walk.answers >= 5000 and len(log.splitlines()) >= 5000
    assert walk.statuses[200] > 4000 and {404, 400, 302} <= set(walk.statuses) and not walk.statuses[500]
    shown = walk.found[SHOWN]
    forms = ("/organizations/", "/organizations.csv", "/organizations.xlsx", "/organizations.json",
             "/organizations.atom", "/api/v1/organizations/", "/data/register.zip", "/contacts/", "/contacts.csv",
             f"/organizations/{planted['body']}.atom", "/search/?q=Xqvisible")  # fmt: skip
    assert [form for form in forms if not any(address.startswith(form) for address in shown)] == []


def test_by_words_that_stand_in_private_texts_alone_nothing_is_found(site: Site) -> None:
    reader = Reader(site.url)
    for words in BESIDE:
        for directory in DIRECTORIES:
            said = json.loads(text_of(reader, f"/{directory.name}.json?{urlencode({'q': words})}").partition("\n\n")[2])
            assert said["count"] == 0, (directory.name, words)
