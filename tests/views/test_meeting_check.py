"""The meeting check: the form, its answers, the same as a file, and that nothing of what is pasted stays anywhere."""

import csv
import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core.signals import got_request_exception
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.views.debug import ExceptionReporter

from engagement.freshness import revision
from engagement.models import (
    ConsultativeCategory,
    ConsultativeLink,
    Meeting,
    MeetingBody,
    MeetingKind,
    NameKind,
    Organization,
    OrganizationName,
)
from engagement.views.meeting_check import HEADER, SHOWN
from engagement.views.pasting import LONGEST_LINE, MOST_BYTES, MOST_LINES
from tests.factories import make_invitation, make_meeting, make_organization, make_source, make_status
from tests.projecting import catch_up
from tests.search.toys import HOSTILE

pytestmark = pytest.mark.django_db

PAGE, ITUC = "/meeting-check/", "International Trade Union Confederation"
MOST_QUERIES, MOST_QUERIES_OF_500_LINES = 12, 20
Cells = list[str]


@pytest.fixture(autouse=True)
def _documents() -> None:
    catch_up()


def ask(client: Client, names: str, meeting: str = "ilc-106", on: str = "", **more: str) -> Any:
    return client.post(PAGE, {"names": names, "meeting": meeting, "on": on, **more})


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


def rows(response: HttpResponse) -> list[Cells]:
    """The rows of the answers as a reader sees them: line, what was pasted, organization, standing, answer."""
    assert response.status_code == 200
    body = response.content.decode().split("<tbody>")[1].split("</tbody>")[0]
    found = []
    for row in body.split("<tr>")[1:]:
        cells = re.findall(r"<(?:td|th)\b[^>]*>(.*?)</(?:td|th)>", row, re.S)
        found.append([words(re.sub(r'<span class="of".*?</span>', "", cell)) for cell in cells])
    return found


def row(response: HttpResponse) -> Cells:
    (only,) = rows(response)
    return only


def file_of(client: Client, names: str, meeting: str = "ilc-106", on: str = "") -> list[dict[str, str]]:
    response = ask(client, names, meeting, on, format="csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def errors(response: HttpResponse) -> str:
    assert response.status_code == 400
    box = re.search(r'<div class="problem" role="alert" id="answers".*?</div>', response.content.decode(), re.S)
    assert box is not None
    return words(box[0])


# -- The form -------------------------------------------------------------------------------------------------------


def test_the_form_says_that_nothing_is_stored_who_decides_and_how_much_is_known(client: Client) -> None:
    page = words(client.get(PAGE).content.decode())
    known = Organization.objects.published().count()
    for said in ("Nothing is stored", "This is not a site of the ILO", f"knows {known} organizations", "incomplete"):
        assert page.index(said) < page.index("Check the list")


def test_every_meeting_is_offered_under_its_body_newest_first_and_every_kind(client: Client) -> None:
    html = client.get(PAGE).content.decode()
    groups = re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', html, re.S)
    assert [unescape(label) for label, _ in groups][:3] == [
        "Any meeting of a kind",
        "International Labour Conference",
        "Governing Body",
    ]
    offered = re.findall(r'<option value="([^"]+)"', html)
    assert len(offered) == len(set(offered))
    kinds = {value.removeprefix("kind:") for value in offered if value.startswith("kind:")}
    assert kinds == set(MeetingKind.values) - {MeetingKind.ANY}
    assert {value for value in offered if not value.startswith("kind:")} == set(
        Meeting.objects.published().values_list("slug", flat=True)
    )
    conference = re.findall(r'<option value="([^"]+)"', dict(groups)["International Labour Conference"])
    starts = [Meeting.objects.get(slug=slug).start_earliest for slug in conference]
    assert starts == sorted(starts, reverse=True)


def test_a_meeting_may_stand_chosen_and_its_page_leads_here(client: Client) -> None:
    link = f"{PAGE}?meeting=ilc-106"
    assert f'href="{link}"' in client.get("/meetings/ilc-106/").content.decode()
    assert '<option value="ilc-106" selected>' in client.get(link).content.decode()


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("meeting=no-such-meeting", "meeting"),
        ("meeting=ilc-106&meeting=ilc-105", "meeting"),
        ("meeting=kind:conference", "meeting"),
        ("names=Amnesty", "names"),
        ("on=2006-11-15", "on"),
        ("format=csv", "format"),
    ],
)
def test_any_other_parameter_is_a_400_that_names_it(client: Client, query: str, named: str) -> None:
    for response in (client.get(f"{PAGE}?{query}"), client.post(f"{PAGE}?{query}", {"names": ITUC})):
        assert response.status_code == 400
        assert re.findall(r"<li><strong>(\w+)</strong>", response.content.decode()) == [named]


def test_tracking_parameters_are_redirected_away(client: Client) -> None:
    response = client.get(f"{PAGE}?utm_source=x&meeting=ilc-106")
    assert (response.status_code, response["Location"]) == (302, f"{PAGE}?meeting=ilc-106")


def test_other_methods_are_not_answered(client: Client) -> None:
    assert client.put(PAGE).status_code == client.delete(PAGE).status_code == 405


def test_the_form_is_within_its_budget(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"{PAGE}?meeting=ilc-106")
    assert len(queries) <= MOST_QUERIES and len(response.content) <= 60 * 1024


# -- The answers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "standing", "answer"),
    [
        ("2006-11-14", "not yet held that day: granted 15 November 2006", "Needs an invitation"),
        ("2006-11-15", "held that day: granted 15 November 2006, no end recorded", "Standing arrangement recorded"),
    ],
)
def test_ituc_on_the_14_and_on_the_15_november_2006(client: Client, day: str, standing: str, answer: str) -> None:
    line, pasted, organization, held, may = row(ask(client, f"{ITUC} (ITUC)", on=day))
    assert (line, pasted) == ("1", f"{ITUC} (ITUC)")
    assert organization.startswith(f"{ITUC} (ITUC) Its name with its acronym")
    assert held == f"General consultative status : {standing}"
    assert may.startswith(f"{answer} By rule: 1 (") and may.endswith("(c. 2007 to c. 2008)")


def test_regional_status_at_a_regional_meeting_and_at_another(client: Client) -> None:
    regional = ConsultativeCategory.objects.get(slug="regional")
    body = make_status(category=regional, granted="1990").organization
    catch_up()
    for meeting, answer in (
        ("african-regional-meeting-13", "Standing arrangement recorded"),
        ("kind:regional-meeting", "Standing arrangement recorded"),
        ("ilc-106", "Needs an invitation"),
        ("kind:governing-body", "Needs an invitation"),
    ):
        assert row(ask(client, body.name, meeting))[4].startswith(answer), meeting


def test_the_special_list_may_ask_and_a_former_status_needs_an_invitation(client: Client) -> None:
    listed = make_status(granted="1990").organization
    former = make_status(granted="1990", ended="2001-03").organization
    catch_up()
    asks, needs = rows(ask(client, f"{listed.name}\n{former.name}"))
    assert asks[3:] != needs[3:]
    assert asks[4].startswith("May ask to be invited By rule:")
    assert needs[3].endswith("former: ended March 2001") and needs[4].startswith("Needs an invitation")


def test_who_is_invited_to_that_meeting_is_told_so_with_the_way_to_the_source(client: Client) -> None:
    invitation = make_invitation(meeting=make_meeting(start="2006-06-01"))
    catch_up()
    response = ask(client, invitation.organization.name, invitation.meeting.slug)
    assert row(response)[4].startswith("Invited to this meeting The invitation and its source")
    assert f'href="{invitation.get_absolute_url()}"' in response.content.decode()
    assert row(ask(client, invitation.organization.name, "ilc-106"))[4].startswith("Not recorded: cannot be told")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"as_of": "2002-05"}, "stated for May 2002; whether it holds that day is not known"),
        ({}, "stated without a date; whether it holds that day is not known"),
    ],
)
def test_what_is_not_known_for_the_day_is_not_upgraded(client: Client, fields: dict[str, str], said: str) -> None:
    body = make_status(**fields).organization
    catch_up()
    _line, _pasted, _organization, held, may = row(ask(client, body.name))
    assert held == f"Special List : {said}"
    assert may.startswith("Not recorded: cannot be told If the standing holds, by rule:")


def test_a_link_without_a_category_and_silence_are_said_to_be_so(client: Client) -> None:
    linked, silent = make_organization(), make_organization()
    ConsultativeLink.objects.create(organization=linked, wording="observer", source=make_source())
    catch_up()
    link, nothing = rows(ask(client, f"{linked.name}\n{silent.name}"))
    assert link[3] == "a link with the ILO is stated (observer status); its category is not ( source )"
    assert nothing[3] == "Nothing is recorded; that is no proof that there is nothing."
    assert link[4] == nothing[4] == "Not recorded: cannot be told"


def test_a_name_that_is_not_found_proves_nothing(client: Client) -> None:
    assert row(ask(client, "Nobody at all"))[2:] == [
        "Not found",
        "",
        "Not found; that is no proof that it holds nothing.",
    ]


def test_names_in_other_languages_are_recognized_and_carry_their_language(client: Client) -> None:
    body = make_organization(name="Union of Invented Weavers")
    for name, lang in (("Union des tisserands inventés", "fr"), ("اتحاد النساجين", "ar")):
        OrganizationName.objects.create(
            organization=body, name=name, lang=lang, kind=NameKind.LANGUAGE, source=make_source()
        )
    catch_up()
    response = ask(client, "UNION DES TISSERANDS INVENTES\nاتحاد النساجين")
    assert [
        each[2].startswith("Union of Invented Weavers Its name in another language") for each in rows(response)
    ] == [
        True,
        True,
    ]
    html = response.content.decode()
    assert '<span lang="fr">Union des tisserands inventés</span>' in html
    assert '<span lang="ar">اتحاد النساجين</span>' in html


def test_a_misspelt_name_is_perhaps_and_says_which_word_was_taken_for_which(client: Client) -> None:
    organization = row(ask(client, "Soroptmist International"))[2]
    assert organization.startswith("Perhaps Soroptimist International (SI)")
    assert "“soroptmist” taken for “soroptimist”." in organization


def test_of_several_that_may_be_meant_all_are_shown_and_none_is_answered(client: Client) -> None:
    bodies = [make_organization(name=f"Weavers of {place}", acronym="ZWZ") for place in ("Delft", "Ghent")]
    catch_up()
    response = ask(client, "ZWZ")
    _line, _pasted, organization, held, may = row(response)
    assert organization == "Perhaps Weavers of Delft (ZWZ) Its acronym: ZWZ . Weavers of Ghent (ZWZ) Its acronym: ZWZ ."
    assert held == "" and may.startswith("Several organizations may be meant")
    assert all(f'href="{body.get_absolute_url()}"' in response.content.decode() for body in bodies)


def test_of_many_that_may_be_meant_the_first_are_shown_and_the_rest_is_counted(client: Client) -> None:
    source = make_source()
    for number in range(SHOWN + 3):
        make_organization(name=f"Weavers {number:02}", acronym="ZWZ", source=source)
    catch_up()
    organization = row(ask(client, "ZWZ"))[2]
    assert organization.count("Its acronym") == SHOWN and "3 more are as near." in organization


def test_the_summary_counts_what_the_table_shows(client: Client) -> None:
    page = words(ask(client, f"{ITUC}\nITUC\nSoroptmist International\nNobody").content.decode())
    assert "4 names checked" in page
    assert "2 recognized · 1 perhaps · 1 not found" in page


def test_each_rule_is_cited_once_with_its_source_and_its_date(client: Client) -> None:
    html = ask(client, f"{ITUC}\nInternational Co-operative Alliance\nKolping International").content.decode()
    rules = html.split('id="rules"')[1].split("</ol>")[0]
    cited = set(re.findall(r'href="#(rule-\d+)"', html))
    assert cited == set(re.findall(r'id="(rule-\d+)"', rules)) and len(cited) > 2
    assert rules.count("General consultative status, All meetings") == 1
    for rule in rules.split("<li id=")[1:]:
        assert 'class="evidence"' in rule and "as of" in rule and 'href="/participation/#' in rule


def test_the_lines_keep_the_numbers_of_what_was_pasted(client: Client) -> None:
    found = rows(ask(client, f"\n{ITUC}\n\n   \r\n2.\tKolping International\tCologne\r"))
    assert [each[0] for each in found] == ["2", "5"]
    assert found[1][1] == "2. Kolping International Cologne"
    assert found[1][2].startswith("Kolping International")


@pytest.mark.parametrize(
    ("start", "on", "said"),
    [
        ("2006-06-02", "", "2 June 2006, the first day of the meeting."),
        ("2006-06-02", "2006-06-05", "5 June 2006, as chosen."),
        ("2006-06", "", "today. The first day of this meeting is not recorded to the day."),
        ("", "", "today. The first day of this meeting is not recorded to the day."),
    ],
)
def test_the_answer_says_which_day_was_taken(client: Client, start: str, on: str, said: str) -> None:
    meeting = make_meeting(start=start)
    assert said in words(ask(client, ITUC, meeting.slug, on).content.decode())


def test_a_kind_of_meeting_is_answered_for_today(client: Client) -> None:
    page = words(ask(client, ITUC, "kind:conference").content.decode())
    assert "Kind of meeting International Labour Conference" in page and ", today." in page


def test_the_heading_of_the_answers_is_where_the_form_leads(client: Client) -> None:
    html = ask(client, ITUC).content.decode()
    assert f'action="{PAGE}#answers"' in html
    assert '<h2 id="answers" tabindex="-1">1 name checked</h2>' in html
    assert html.count('id="answers"') == html.count("<h1") == 1


def test_no_id_stands_twice_beside_500_answers(client: Client) -> None:
    ids = re.findall(r'\bid="([^"]+)"', ask(client, "\n".join([ITUC, "Kolping", "Nobody"] * 100)).content.decode())
    assert len(ids) == len(set(ids))


# -- What is wrong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ("", "Paste one name at least"),
        (" \n\t\n", "Paste one name at least"),
        ("\n".join(["x"] * 501), "These are 501 names; 500 are taken at once. The first too many is on line 501."),
        ("a\n" + "x" * 301, "Line 2 is longer than 300 characters."),
        ("\n".join(["x" * 301] * 3), "Lines 1, 2, 3 are longer than 300 characters."),
        ("a\nb\x00", "Line 2 holds a control character"),
        ("a\x07\nb\nc\x1b[0m", "Lines 1, 3 hold control characters"),
        ("x" * 250_000, "The text has 250,000 bytes; 200,000 are taken at once."),
    ],
)
def test_a_list_that_cannot_be_answered_says_why_and_on_which_line(client: Client, names: str, said: str) -> None:
    response = ask(client, names)
    found = errors(response)
    assert said.replace(",", "") in found.replace(",", "")
    assert "<tbody" not in response.content.decode()


def test_what_was_typed_is_kept_when_it_cannot_be_answered(client: Client) -> None:
    html = ask(client, "Amnesty & <b>others</b>\n" + "x" * 301, on="2006-13-01").content.decode()
    assert "Amnesty &amp; &lt;b&gt;others&lt;/b&gt;" in html and "<b>others" not in html
    assert '<option value="ilc-106" selected>' in html and 'value="2006-13-01"' in html
    assert "is not a day of the form YYYY-MM-DD" in html


@pytest.mark.parametrize("meeting", ["", "no-such-meeting", "kind:", "kind:any-meeting", "kind:party"])
def test_a_meeting_that_is_not_on_offer_is_refused(client: Client, meeting: str) -> None:
    assert "Meeting, or kind of meeting" in errors(ask(client, ITUC, meeting))


def test_a_withdrawn_meeting_is_not_on_offer(client: Client) -> None:
    Meeting.objects.filter(slug="ilc-106").update(published=False)
    assert client.get(f"{PAGE}?meeting=ilc-106").status_code == 400
    assert ask(client, ITUC).status_code == 400


def test_500_lines_of_300_characters_are_answered(client: Client) -> None:
    assert MOST_LINES * (LONGEST_LINE + 1) <= MOST_BYTES
    assert len(rows(ask(client, "\n".join(["x" * LONGEST_LINE] * MOST_LINES)))) == MOST_LINES


@pytest.mark.parametrize("text", [text for text in HOSTILE if "\x00" not in text and "\n" not in text and text.strip()])
def test_a_hostile_line_is_a_line(client: Client, text: str) -> None:
    response = ask(client, text.encode(errors="replace").decode()[:LONGEST_LINE])
    assert len(rows(response)) == 1


def test_what_is_pasted_cannot_become_part_of_the_page(client: Client) -> None:
    html = ask(
        client, '<script>alert(1)</script>\n"><img src=x onerror=y>\n{{ 7|add:7 }} {% now "Y" %}'
    ).content.decode()
    assert "<script>alert" not in html and "<img" not in html and "{{ 7|add:7 }}" in html


# -- Cost -----------------------------------------------------------------------------------------------------------


def test_500_lines_take_no_more_queries_than_the_steps_of_the_check(client: Client) -> None:
    names = list(Organization.objects.values_list("name", flat=True))
    spoilt = [name[1:] if at % 3 else f"{name} (Norway)" for at, name in enumerate(names)]
    lines = (names + spoilt + ["Kolping", "WCC", "Nobody"]) * 5
    for some in (lines[:3], lines[:MOST_LINES]):
        with CaptureQueriesContext(connection) as queries:
            assert ask(client, "\n".join(some)).status_code == 200
        assert len(queries) <= MOST_QUERIES_OF_500_LINES


# -- The file -------------------------------------------------------------------------------------------------------


def every_case() -> str:
    body = make_status(granted="1990", ended="2001").organization
    make_status(organization=body, as_of="2002")
    invited = make_invitation(meeting=Meeting.objects.get(slug="ilc-106")).organization
    for place in ("Delft", "Ghent"):
        make_organization(name=f"Weavers of {place}", acronym="ZWZ")
    catch_up()
    return "\n".join(
        (f"{ITUC} (ITUC)", "", "IFUW", "Soroptmist International", "World Council of Churches", body.name,
         invited.name, "ZWZ", "Nobody", "Kolping International", "Zonta International")
    )  # fmt: skip


def test_the_file_says_row_by_row_what_the_page_says(client: Client) -> None:
    names = every_case()
    page, found = rows(ask(client, names)), file_of(client, names)
    assert len(page) == len(found) == 10
    for (line, pasted, organization, held, may), cells in zip(page, found, strict=True):
        assert (cells["line"], cells["pasted"]) == (line, pasted)
        assert cells["result"] != "perhaps" or organization.startswith("Perhaps")
        assert cells["name"] in organization and cells["reason_label"] in organization
        for said in filter(None, cells["standing_label"].split("; ")):
            assert said.lower() in held.lower()
        assert cells["answer_label"] in may
        assert bool(cells["rule"]) is ("rule:" in may)
        assert len(cells["rule"].split("; ")) == len(re.findall(r"\d+ \(|\d+$|\d+ ,", may)) or not cells["rule"]


def test_the_file_has_codes_beside_labels_the_rule_with_its_source_and_the_address(client: Client) -> None:
    (cells,) = file_of(client, "ITUC", on="2006-11-15")
    assert tuple(cells) == HEADER and all(re.fullmatch(r"[a-z_]+", name) for name in HEADER)
    slug = "international-trade-union-confederation"
    assert cells == {
        **cells,
        "line": "1", "pasted": "ITUC", "result": "recognized", "result_label": "Recognized", "key": slug, "name": ITUC,
        "reason": "acronym", "reason_label": "Its acronym", "matched_name": "ITUC", "replaced": "", "others": "",
        "category": "general", "category_label": "General consultative status", "standing": "current",
        "standing_label": "held that day: granted 15 November 2006, no end recorded", "invited": "",
        "answer": "standing-arrangement", "answer_label": "Standing arrangement recorded",
        "rule": "profile-general-all-meetings", "rule_label": "take part under standing arrangements",
        "rule_holds_if": "", "meeting": "ilc-106", "kind": "conference",
        "kind_label": "International Labour Conference", "day": "2006-11-15", "day_rule": "chosen",
        "source": "UN-NGLS profile: International Labor Organization (ILO)", "as_of": "2007~/2008~",
        "url": f"http://testserver/organizations/{slug}/",
    }  # fmt: skip
    assert cells["standing_source"] and cells["standing_as_of"] == "2006-11-15"


def test_what_is_open_names_the_rule_that_would_hold(client: Client) -> None:
    (cells,) = file_of(client, "World Council of Churches")
    assert (cells["answer"], cells["rule_holds_if"]) == ("not-recorded", "if-the-standing-holds")
    assert "special-list-conference-ask-to-be-invited" in cells["rule"].split("; ")


def test_several_that_may_be_meant_stand_in_a_cell_of_their_own(client: Client) -> None:
    for place in ("Delft", "Ghent"):
        make_organization(name=f"Weavers of {place}", acronym="ZWZ")
    catch_up()
    (cells,) = file_of(client, "ZWZ")
    assert (cells["result"], cells["key"], cells["answer"]) == ("perhaps", "", "")
    assert cells["others"] == "weavers-of-delft; weavers-of-ghent"


def test_formulas_in_the_file_are_neutralised(client: Client) -> None:
    lines = ["=1+1", "+41 22", "-3+3", "@SUM(A1)", '=HYPERLINK("http://x")']
    assert [cells["pasted"] for cells in file_of(client, "\n".join(lines))] == [f"'{line}" for line in lines]


def test_the_page_brings_along_what_the_file_is_asked_for(client: Client) -> None:
    names = 'Amnesty "AI"\r\n<Kolping>\r\n'
    html = ask(client, names, on="2006-11-15").content.decode()
    form = html.split('<h2 id="answers"')[1].split("</form>")[0]
    hidden = {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)}
    assert (hidden["names"], hidden["meeting"], hidden["on"], hidden["format"]) == (
        names, "ilc-106", "2006-11-15", "csv"
    )  # fmt: skip
    assert [each["pasted"] for each in file_of(client, hidden["names"])] == ['Amnesty "AI"', "<Kolping>"]


def test_what_is_wrong_is_told_on_the_page_and_not_in_a_file(client: Client) -> None:
    response = ask(client, "", format="csv")
    assert response.status_code == 400 and "text/html" in response["Content-Type"]


# -- No trace -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("names", [f"{ITUC}\nSecretive Weavers", ""])
def test_no_answer_is_stored_by_caches_or_listed_by_search_engines(client: Client, names: str) -> None:
    assert client.get(PAGE)["Cache-Control"] == "no-store"
    response = ask(client, names)
    assert response["Cache-Control"] == "no-store"
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert "noindex" not in client.get(PAGE).content.decode()
    assert ask(client, ITUC, format="csv")["Cache-Control"] == "no-store"


def test_nothing_of_what_is_pasted_stands_in_an_address(client: Client) -> None:
    html = ask(client, "Secretive Weavers\nSoroptmist").content.decode()
    assert not any("ecretive" in link or "oroptmist" in link for link in re.findall(r'(?:href|action)="([^"]*)"', html))


def test_the_only_cookie_is_the_one_against_forged_forms() -> None:
    client = Client(enforce_csrf_checks=True)
    first = client.get(PAGE)
    assert set(first.cookies) == {"csrftoken"}
    assert ask(client, ITUC).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', first.content.decode())
    assert token is not None
    answered = ask(client, ITUC, csrfmiddlewaretoken=token[1])
    assert answered.status_code == 200
    assert set(client.cookies) == {"csrftoken"} and "ITUC" not in str(client.cookies)


def test_nothing_is_written_to_any_table(client: Client) -> None:
    def state() -> tuple[int, dict[str, int]]:
        counts = {}
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
                counts[table] = cursor.fetchone()[0]
        return revision(), counts

    before = state()
    for answer in ({}, {"format": "csv"}):
        assert ask(client, f"{ITUC}\nSecretive Weavers\nSoroptmist", **answer).status_code == 200
    assert state() == before


def test_an_error_report_does_not_hold_what_was_pasted(failing: Callable[[str], tuple[str, str]]) -> None:
    for report in failing("Secretive Weavers"):
        assert "the database is gone" in report
        assert "ecretive" not in report


@pytest.fixture
def failing() -> Callable[[str], tuple[str, str]]:
    """Asks for a name while the search cannot be read; the report of the error as text and as a page."""
    client, reports = Client(raise_request_exception=False), []

    def fail(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "search_name" in sql:
            raise RuntimeError("the database is gone")
        return execute(sql, params, many, context)

    def report(sender: Any, request: Any, **kwargs: Any) -> None:
        try:
            raise  # the signal is sent while the error is handled
        except RuntimeError as error:
            made = ExceptionReporter(request, type(error), error, error.__traceback__)
        reports.append((made.get_traceback_text(), made.get_traceback_html()))

    def reported(names: str) -> tuple[str, str]:
        got_request_exception.connect(report)
        try:
            with connection.execute_wrapper(fail):
                assert ask(client, names).status_code == 500
        finally:
            got_request_exception.disconnect(report)
        (only,) = reports
        return only

    return reported


def test_log_records_name_the_page_and_nothing_else(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"), caplog.at_level("INFO", logger="django.request"):
        ask(client, "Secretive Weavers")
        ask(client, "Secretive Weavers\x00")
    assert "ecretive" not in caplog.text and "/meeting-check/" in caplog.text


def test_a_meeting_of_a_body_that_is_withdrawn_is_still_answered(client: Client) -> None:
    MeetingBody.objects.filter(slug="ilc").update(published=False)
    assert row(ask(client, ITUC))[4].startswith("Standing arrangement recorded")
