"""The records that match a text, in the order of the contract: by rank, then by sort_name, then by key.

    0      a name or an acronym of the record is the text
    1      a name begins with it
    2      a name has the same words in another order
    3 + m  the record has n - m words of n in its names, and has the others
    above  it has only some of them: those with more words first, then those with more of them in their names

No engine's score is asked for, so that both engines give the same records in the same order.

Statements: one to understand a text whose words are all known; one more if the last is not known as it stands; two more
if any word has to be replaced, however many; two more if one may be two words with an error in them. So one to six, and
none where there is nothing to ask. The querysets are the caller's to evaluate, each in one statement.
"""

from dataclasses import dataclass, field
from functools import reduce
from operator import add

from django.db.models import Case, CharField, Expression, F, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from engagement.search.asking import Question, understand
from engagement.search.engine import DOCUMENT, NAMED, SQL, Engine, Ways, document_id
from engagement.search.engines import engine_for

ORDER = ("search_rank", "search_name", "pk")


@dataclass(frozen=True)
class Match:
    """What matches a text.

    narrowed: the records that match, without an order, for other orders and for counting.
    queryset: the same, annotated with `search_rank` and `search_name` and ordered by ORDER.
    replacements: for each word that the collection does not know, the words that were looked for instead.
    engine, question: how the text was understood, for ranking.ranked().
    """

    narrowed: QuerySet
    queryset: QuerySet
    replacements: dict[str, tuple[str, ...]] = field(default_factory=dict)
    engine: Engine | None = None
    question: Question = field(default_factory=Question)


def match(queryset: QuerySet, text: str, collection: str) -> Match:
    """The records of `queryset`, which are of the collection, that match the text.

    A blank text asks for nothing: everything matches. A text without any letter or digit matches nothing.
    """
    if not text.strip():
        return Match(queryset, queryset)
    engine = engine_for(queryset.db)
    return answering(queryset, engine, understand(engine, [collection], text))


def answering(queryset: QuerySet, engine: Engine, question: Question) -> Match:
    """The records that answer a question, which is put to their collection alone."""
    if not question:
        nothing = queryset.none()
        return Match(nothing, nothing)
    found = _Found(engine, question)
    narrowed = queryset.filter(found.any())
    ordered = narrowed.annotate(search_rank=found.rank(), search_name=found.sort_name()).order_by(*ORDER)
    return Match(narrowed, ordered, question.replacements, engine, question)


class _Found:
    """The sets of one collection's documents that ranks are made of, as conditions on its records."""

    def __init__(self, engine: Engine, question: Question) -> None:
        self.engine, self.words = engine, question.words
        (self.number,) = self.numbers = tuple(question.numbers.values())
        self.exact = engine.named(self.numbers, question.keys)
        self.begun = engine.named_from(self.numbers, question.beginnings)
        self.any_order = engine.named(self.numbers, question.any_order) if question.any_order else None

    def any(self) -> Q:
        return self._in(self.exact, self.begun, self.engine.having(self.numbers, self.words))

    def rank(self) -> Expression:
        sets = [self.exact, self.begun, *([self.any_order] if self.any_order else [])]
        whens = [When(self._in(found), then=Value(rank)) for rank, found in enumerate(sets)]
        costs = (self._cost(ways) for ways in self.words)
        return Case(*whens, default=reduce(add, costs, Value(3)), output_field=IntegerField())

    def sort_name(self) -> Expression:
        return _SortName(F("pk"), lowest=document_id(self.number, 0))

    def _cost(self, ways: Ways) -> Expression:
        """Of one word: nothing if a name has it, 1 if the record has it, more than all words together if it has not."""
        named = self._in(self.engine.having(self.numbers, [ways], NAMED))
        held = self._in(self.engine.having(self.numbers, [ways]))
        return Case(When(named, then=Value(0)), When(held, then=Value(1)), default=Value(len(self.words) + 1))

    def _in(self, *sets: SQL) -> Q:
        """That the record is one of those with a document in any of the sets."""
        union = " UNION ALL ".join(query for query, _ in sets)
        values = [value for _, some in sets for value in some]
        return Q(pk__in=RawSQL(f"SELECT document - {document_id(self.number, 0)} FROM ({union}) AS found", values))


class _SortName(Func):
    """The sort_name of the document of the record whose primary key is given."""

    template = f"(SELECT sort_name FROM {DOCUMENT} WHERE id = %(expressions)s + %(lowest)s)"
    output_field = CharField()
    arity = 1
