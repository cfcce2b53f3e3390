"""The rule for filters: what is unknown, outside the vocabulary, doubled or malformed is a problem, never ignored."""

import datetime

import pytest
from django.http import QueryDict
from django.utils.translation import override

from engagement.directories import DIRECTORIES, Directory, organizations, projects
from engagement.directories.filters import Vocabulary
from engagement.directories.questions import CANONICAL_ORDER
from engagement.search import normalise
from tests.factories import make_invitation, make_meeting, make_organization, make_status
from tests.projecting import catch_up

pytestmark = pytest.mark.django_db

every_directory = pytest.mark.parametrize("directory", DIRECTORIES, ids=lambda directory: directory.name)


def problems(directory: Directory, query: str) -> dict[str, str]:
    return directory.ask(QueryDict(query)).problems()


def slugs(directory: Directory, query: str) -> set[str]:
    question = directory.ask(QueryDict(query))
    assert question.problems() == {}
    return {row.natural_key()[0] for row in directory.rows(question)}


@every_directory
def test_an_unknown_parameter_is_a_problem_that_names_it(directory: Directory) -> None:
    assert list(problems(directory, "colour=blue")) == ["colour"]


@every_directory
def test_a_value_outside_each_vocabulary_is_a_problem_that_names_it(directory: Directory) -> None:
    names = [name for name, each in directory.filterset.base_filters.items() if isinstance(each, Vocabulary)]
    assert names
    for name in names:
        found = problems(directory, f"{name}=not-in-the-vocabulary")
        assert list(found) == [name]
        assert "not-in-the-vocabulary" in found[name]


@every_directory
def test_every_parameter_has_its_place_in_the_canonical_order(directory: Directory) -> None:
    assert set(directory.filterset.base_filters) <= set(CANONICAL_ORDER)


@every_directory
def test_every_sort_and_its_opposite_order_the_same_rows(directory: Directory) -> None:
    rows = slugs(directory, "")
    for name, _label in directory.filterset.base_filters["sort"].extra["choices"]:
        assert slugs(directory, f"sort={name}") == rows


@pytest.mark.parametrize(
    "query",
    ["on=2006-13-01", "on=15.11.2006", "on=2006-11", "on=20061115", "on=2006-11-15&on=2006-11-16", "sort=colour",
     "sort=name,country", "since_from=06", "since_from=1918", "since_to=2101", "since_to=２００６", "q=a&q=b"],
)  # fmt: skip
def test_a_malformed_or_doubled_parameter_is_a_problem(query: str) -> None:
    assert list(problems(organizations, query)) == [query.partition("=")[0]]


def test_values_of_one_parameter_are_alternatives_and_parameters_narrow_each_other() -> None:
    workers = make_organization(kind="workers", name="Alpha workers")
    employers = make_organization(kind="employers", name="Alpha employers")
    catch_up()
    assert slugs(organizations, "kind=workers&kind=employers&q=alpha") == {workers.slug, employers.slug}
    assert slugs(organizations, "kind=workers&kind=employers&q=alpha&source_kind=press") == set()


def test_words_are_found_without_case_and_diacritics_in_any_order() -> None:
    body = make_organization(name="Fédération Örnek d’Ivoire")
    catch_up()
    assert body.slug in slugs(organizations, "q=ORNEK+federation")
    assert body.slug in slugs(organizations, "q=d'ivoire")


def test_category_state_date_and_day_are_asked_of_one_and_the_same_status() -> None:
    body = make_organization()
    make_status(organization=body, granted="1990", ended="2001")
    make_status(organization=body, granted="2010")
    assert body.slug in slugs(organizations, "status=former&since_to=1995")
    assert body.slug not in slugs(organizations, "status=former&since_from=2005")
    assert body.slug in slugs(organizations, "on=1995-01-01")
    assert body.slug not in slugs(organizations, "on=2005-01-01")


def test_invited_means_an_invitation_and_with_a_day_one_to_a_meeting_that_spans_it() -> None:
    body = make_invitation(meeting=make_meeting(start="2017-06-05", end="2017-06-17")).organization
    assert body.slug in slugs(organizations, "category=invited")
    assert body.slug in slugs(organizations, "category=invited&on=2017-06-10")
    assert body.slug not in slugs(organizations, "category=invited&on=2017-06-18")
    assert body.slug not in slugs(organizations, "category=general&category=regional")


def test_with_a_day_what_has_no_standing_that_day_is_left_out() -> None:
    without = make_organization()
    stated = make_status(as_of="2002-05").organization
    assert without.slug not in slugs(organizations, "on=2002-05-10")
    assert stated.slug in slugs(organizations, "on=2002-05-10")
    assert stated.slug not in slugs(organizations, f"on={datetime.date.today()}")


def test_a_year_finds_what_touches_it() -> None:
    sialkot = "elimination-of-child-labour-in-the-soccer-ball-industry-in-sialkot"
    assert sialkot in slugs(projects, "year=1997")
    assert sialkot in slugs(projects, "year=1999")
    assert sialkot not in slugs(projects, "year=2000")


def test_the_canonical_form_orders_parameters_and_values_and_drops_defaults() -> None:
    question = organizations.ask(QueryDict("sort=name&page=1&kind=workers&on=2020-01-01&kind=employers"))
    assert question.canonical() == [("on", "2020-01-01"), ("kind", "employers"), ("kind", "workers")]


@pytest.mark.parametrize("name", ["theme", "country"])
@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_what_is_offered_stands_in_the_order_of_its_names_in_the_language_of_the_page(name: str, language: str) -> None:
    with override(language):
        offered = [normalise(choice.label) for choice in projects.ask(QueryDict("")).filters[name].known]
    assert len(offered) > 5 and offered == sorted(offered)
