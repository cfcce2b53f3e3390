"""Many names at once: the records that each may name, and why."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.models import Organization, Source
from engagement.search import Document, Reason, match_names, normalise, remove, tidied, vocabulary, write
from engagement.search.engines import engine_for
from engagement.search.naming import FEW, MOST, SCORES, SURE
from tests.factories import make_source
from tests.search.toys import HOSTILE, TOYS, put

pytestmark = pytest.mark.django_db

MOST_STATEMENTS = 7


def why(text: str) -> list[tuple[str, str]]:
    """The toys that a text may name, each with the reason."""
    (found,) = match_names([text], TOYS)
    titles = dict(Source.objects.filter(pk__in=[each.record_id for each in found]).values_list("pk", "title"))
    return [(titles[each.record_id], each.reason.value) for each in found]


def replaced(text: str) -> dict[str, str]:
    ((only,),) = match_names([text], TOYS)
    return dict(only.replaced)


@pytest.fixture
def councils() -> None:
    put("World Council of Weavers", "WCW", "Conseil mondial des tisserands", "League of Looms")
    put("World Council of Spinners", "WCS")
    put("Knitters International", text=["ki2", "Lisbon", "woolwork"])


# -- Names ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "World Council of Weavers",
        "WORLD COUNCIL OF WEAVERS",
        "world-council, of weavers.",
        "Wörld Cóuncil of Weavers",
        "WCW",
        "W.C.W.",
        "Conseil mondial des tisserands",
        "League of Looms",
    ],
)
def test_a_name_an_acronym_and_any_other_name_of_a_record_are_names(councils: None, text: str) -> None:
    assert why(text) == [("World Council of Weavers", "name")]


def test_a_name_in_another_script_is_found_with_and_without_its_marks() -> None:
    put("Union of Invented Weavers", "اتّحاد النسّاجين", "国际织工联合会", "Союз ткачей")
    for text in ("اتحاد النساجين", "国际织工联合会", "союз ткачей"):
        assert why(text) == [("Union of Invented Weavers", "name")]


def test_spelling_variants_of_one_word_are_one() -> None:
    put("Labour Organisation of Ports")
    assert why("Labor Organization of Ports") == [("Labour Organisation of Ports", "name")]


def test_equally_good_records_are_all_found_and_none_goes_before_another() -> None:
    keys = {put("Union of Weavers (North)", "UW"), put("Union of Weavers (South)", "UW")}
    (found,) = match_names(["UW"], TOYS)
    assert {each.record_id for each in found} == keys
    assert {each.score for each in found} == {100}


def test_at_most_so_many_records_are_given_for_one_text() -> None:
    for _each in range(MOST + 3):
        put("The same name")
    assert len(match_names(["The same name"], TOYS)[0]) == MOST


# -- Parts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "World Council of Weavers (WCW)",
        "WCW (World Council of Weavers)",
        "World Council of Weavers [WCW]",
        "WCW – World Council of Weavers",
        "World Council of Weavers, WCW",
        "World Council of Weavers / Conseil mondial des tisserands",
        "Knitters International (KI)",
    ],
)
def test_a_name_with_its_acronym_initials_or_another_name_is_sure(councils: None, text: str) -> None:
    ((only,),) = match_names([text], TOYS)
    assert only.reason is Reason.TOGETHER and only.is_sure


@pytest.mark.parametrize(
    "text", ["World Council of Weavers (Norway)", "World Council of Weavers, Geneva", "Federation of Hatters (WCW)"]
)
def test_a_name_with_something_else_is_not_sure(councils: None, text: str) -> None:
    ((only,),) = match_names([text], TOYS)
    assert only.reason is Reason.WITHIN and not only.is_sure


def test_a_name_and_the_acronym_of_another_are_both_shown_and_neither_is_sure(councils: None) -> None:
    text = "World Council of Weavers (WCS)"
    assert sorted(why(text)) == [("World Council of Spinners", "within"), ("World Council of Weavers", "within")]


def test_a_name_that_holds_brackets_or_a_comma_is_a_name_all_the_same() -> None:
    put("Union of Hatters (Felt), Gloves and Lace")
    assert why("union of hatters (felt), gloves and lace") == [("Union of Hatters (Felt), Gloves and Lace", "name")]


def test_a_name_turned_round_at_its_comma_is_sure(councils: None) -> None:
    assert why("Weavers, World Council of") == [("World Council of Weavers", "turned")]


def test_the_same_words_in_another_order_or_otherwise_joined_are_a_guess(councils: None) -> None:
    assert Reason.ORDER not in SURE
    for text in ("Weavers World Council", "World Council for the Weavers", "the world weavers council"):
        assert why(text) == [("World Council of Weavers", "order")]


# -- Errors ---------------------------------------------------------------------------------------------------------


def test_an_error_in_spelling_is_a_guess_that_says_what_was_replaced(councils: None) -> None:
    assert why("World Counicl of Weevers") == [("World Council of Weavers", "near")]
    assert replaced("World Counicl of Weevers") == {"counicl": "council", "weevers": "weavers"}
    assert replaced("World Council ov Weavers") == {"ov": ""}


def test_more_replaced_words_are_a_lesser_score(councils: None) -> None:
    one, two = match_names(["World Counicl of Weavers", "World Counicl of Weevers"], TOYS)
    assert one[0].score > two[0].score


def test_an_error_beside_an_acronym_in_brackets_is_still_found(councils: None) -> None:
    assert why("World Counicl of Weavers (WCW)") == [("World Council of Weavers", "near")]


def test_another_acronym_is_not_a_misspelt_one(councils: None) -> None:
    for text in ("WWC", "WCX", "WC"):
        assert why(text) == []


def test_another_number_is_not_a_misspelt_one() -> None:
    put("Congress of Weavers 1919")
    assert why("Congress of Weavers 1918") == []
    assert why("Congres of Weavers 1919") == [("Congress of Weavers 1919", "near")]


def test_a_text_of_which_little_is_known_is_no_error_in_spelling(councils: None) -> None:
    assert why("Wurld Counsil uf Weevers off Laces") == []


@pytest.mark.parametrize("seed", range(3))
def test_words_of_many_are_replaced_as_those_of_one(searched_register: None, seed: int) -> None:
    choose = random.Random(seed)
    names = " ".join(Organization.objects.values_list("name", flat=True)).lower().split()
    words = {word[:at] + word[at + 1 :] for word in choose.sample(names, 60) for at in [choose.randrange(len(word))]}
    engine = engine_for("default")
    number = engine.number_of("organizations")
    assert number is not None
    words -= set(vocabulary.held(engine, number, words))
    near = vocabulary.nearest_of_many(engine, number, words)
    alone = vocabulary.nearest(engine, [number], sorted(words), alone=False)
    assert any(near.values()) and set(near) == set(alone)
    whole = [word for word in near if not alone[word].split]
    assert {word: near[word] for word in whole} == {word: alone[word].words for word in whole}


# -- Single words ---------------------------------------------------------------------------------------------------


def test_some_words_of_a_name_are_a_guess(councils: None) -> None:
    assert why("Knitters") == [("Knitters International", "words")]
    assert sorted(why("World Council")) == [
        ("World Council of Spinners", "words"),
        ("World Council of Weavers", "words"),
    ]


def test_words_that_many_records_have_name_none() -> None:
    for number in range(FEW + 1):
        put(f"Union of trade {number}")
    assert why("Union") == []


def test_a_word_that_stands_in_no_name_may_be_initials_and_several_words_may_not(councils: None) -> None:
    assert why("woolwork") == [("Knitters International", "letters")]
    assert why("woolwork Lisbon") == []


@pytest.mark.parametrize("text", ["Union of Carpenters", "", "   ", "---", "(…)", "12", "的"])
def test_what_nothing_is_known_of_names_nothing(councils: None, text: str) -> None:
    assert why(text) == []


def test_a_record_that_is_gone_and_a_collection_that_never_was_name_nothing() -> None:
    remove(TOYS, [put("Union of Weavers")])
    assert why("Union of Weavers") == []
    assert match_names(["Union of Weavers"], "no such collection") == [()]
    assert match_names([], TOYS) == []


# -- Pasted lines ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("1. Amnesty", "Amnesty"),
        ("(12) Amnesty", "Amnesty"),
        ("3) Amnesty", "Amnesty"),
        ("a) Amnesty", "Amnesty"),
        ("• Amnesty", "Amnesty"),
        ("  - Amnesty,", "Amnesty"),
        ("7\tAmnesty\tLondon", "Amnesty"),
        ("\tAmnesty\tLondon", "Amnesty"),
        ("\t\tAmnesty", "Amnesty"),
        ("1. • Amnesty;", "Amnesty"),
        ('"Amnesty, London",', "Amnesty, London"),
        ("«Amnesty»", "Amnesty"),
        ("Amnesty (AI)", "Amnesty (AI)"),
        ("350.org", "350.org"),
        ("100 Million", "100 Million"),
        ("2030 Network", "2030 Network"),
        ("-Amnesty", "-Amnesty"),
        ("", ""),
        ("\t \t", ""),
    ],
)
def test_of_a_line_that_was_pasted_the_name_is_left(line: str, name: str) -> None:
    assert tidied(line) == name


def test_numbers_bullets_cells_and_commas_do_not_matter(councils: None) -> None:
    for line in (
        "4. World Council of Weavers,",
        "•\tWorld Council of Weavers\tGeneva",
        "9\tWorld Council of Weavers\t3",
    ):
        assert why(line) == [("World Council of Weavers", "name")]


# -- Many -----------------------------------------------------------------------------------------------------------

REASONS = [
    "World Council of Weavers", "World Council of Weavers (WCW)", "Weavers, World Council of", "Weavers World Council",
    "World Counicl of Weevers", "World Council of Weavers (Norway)", "Knitters", "woolwork",
]  # fmt: skip


def test_every_reason_has_its_score_and_only_the_first_three_are_sure(councils: None) -> None:
    found = [only for (only,) in match_names(REASONS, TOYS)]
    assert [each.reason for each in found] == list(Reason)
    scores = [SCORES[each.reason] for each in found]
    assert scores == sorted(scores, reverse=True) and len(set(scores)) == len(scores)
    assert [each.is_sure for each in found] == [True] * 3 + [False] * 5


def test_answers_come_in_the_order_of_the_texts_and_once_for_each(councils: None) -> None:
    texts = ["WCS", "nobody", "WCW", "WCS"]
    assert [len(found) for found in match_names(texts, TOYS)] == [1, 0, 1, 1]
    assert match_names(texts, TOYS)[0] == match_names(texts, TOYS)[3]


def test_what_a_text_names_does_not_depend_on_the_texts_beside_it(searched_register: None) -> None:
    texts = some_lines(random.Random(5), 80)
    together = match_names(texts, "organizations")
    assert together == [match_names([text], "organizations")[0] for text in texts]
    assert {each.reason for found in together for each in found} >= {Reason.NAME, Reason.NEAR, Reason.WITHIN}


def test_500_texts_take_as_many_statements_as_one(searched_register: None) -> None:
    for texts in (["Soroptmist Internatonal"], some_lines(random.Random(7), 500)):
        with CaptureQueriesContext(connection) as statements:
            match_names(texts, "organizations")
        assert len(statements) <= MOST_STATEMENTS


def test_no_record_of_the_register_is_surely_named_by_the_name_of_another(searched_register: None) -> None:
    """Each organization's own name, and what a slip or a further word makes of it."""
    bodies = list(Organization.objects.published())
    for body, found in zip(bodies, match_names([body.name for body in bodies], "organizations"), strict=True):
        assert [each.record_id for each in found if each.is_sure] == [body.pk]
    for slip in (lambda name: name[0] + name[2:], lambda name: f"{name} (Norway)"):
        for found in match_names([slip(body.name) for body in bodies], "organizations"):
            assert not any(each.is_sure for each in found)


def some_lines(source: random.Random, number: int) -> list[str]:
    """Names of the register as people write them: with slips, additions, in capitals, in another order; and others."""
    names = list(Organization.objects.order_by("slug").values_list("name", flat=True))
    return [_written(source, source.choice(names)) for _each in range(number)]


def _written(source: random.Random, name: str) -> str:
    at, words = source.randrange(len(name)), name.split()
    source.shuffle(words)
    turns = [name, name.upper(), name[:at] + name[at + 1 :], f"{name} (Norway)", " ".join(words), words[0], "Nobody"]
    return source.choice(turns)


@pytest.mark.parametrize("at_once", [True, False])
def test_hostile_texts_are_text(councils: None, at_once: bool) -> None:
    hostile = [*HOSTILE, "json\\u0000", '["a"]', "{1,2}", "NULL", "a" * 500 + " (b)", "," * 50, "(" * 50, "\t" * 50]
    texts = hostile if at_once else [f"{text} World Council" for text in hostile]
    found = match_names(texts, TOYS)
    assert len(found) == len(texts)
    assert why("World Council of Weavers") == [("World Council of Weavers", "name")]


def test_many_records_and_texts_are_answered_rightly() -> None:
    """A thousand invented names in one go: each is found by itself."""
    source = make_source()
    choose = random.Random(11)
    names = sorted({f"Union {choose.randrange(10**6)} of {choose.choice(('Weavers', 'Hatters'))}" for _ in range(1000)})
    write(TOYS, [Document(number, normalise(name), [name]) for number, name in enumerate(names, source.pk)])
    found = match_names(names, TOYS)
    assert [[each.record_id for each in some] for some in found] == [
        [number] for number, _name in enumerate(names, source.pk)
    ]
