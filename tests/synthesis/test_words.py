"""Invented words and names."""

from random import Random

from engagement.synthesis.words import (
    FIRST_NAME,
    Lexicon,
    acronym_of,
    name_in_french,
    name_in_spanish,
    organization_name,
    size_for,
)


def test_a_lexicon_has_as_many_different_words_as_were_asked_for_and_the_same_for_the_same_seed() -> None:
    words = Lexicon(3_000, 7).words
    assert len(set(words)) == 3_000
    assert Lexicon(3_000, 7).words == words != Lexicon(3_000, 8).words


def test_a_hundred_thousand_organizations_have_thirty_thousand_words_and_ever_fewer_are_new() -> None:
    assert size_for(100_000) == 30_000
    assert size_for(10) == 500 and 30_000 < size_for(1_000_000) < 300_000


def test_every_name_says_that_it_is_invented_and_half_of_them_speak_of_rights() -> None:
    random, lexicon = Random(1), Lexicon(500, 1)
    names = [organization_name(random, lexicon) for _ in range(1_000)]
    others = [name_in_french(random, lexicon), name_in_spanish(random, lexicon), FIRST_NAME]
    assert all("invent" in name.lower() for name in (*names, *others))
    assert 470 < sum("Rights" in name for name in names) < 570


def test_an_acronym_is_made_of_the_first_large_words() -> None:
    assert acronym_of("World League of Blue Weavers for Safety (invented)") == "WLB"
