"""Search: how text is folded and what is found. Imports nothing of the register, so that models may use it.

`match()` finds in one collection, `match_everywhere()` in all, `match_names()` what many names mean; `write()`,
`remove()`, `rebuild()` keep what is searched, `compare()` checks it. All the SQL there is stands in this package, and
what only one engine understands in `sqlite.py` and `postgresql.py`.
"""

from engagement.search.documents import Document
from engagement.search.everywhere import Everywhere, Found, match_everywhere
from engagement.search.installing import install
from engagement.search.matching import Match, match
from engagement.search.naming import Named, Reason, match_names, tidied, tokens_that_count
from engagement.search.normalising import normalise
from engagement.search.ranking import ByName, ranked
from engagement.search.words import initials, name_keys
from engagement.search.writing import Difference, compare, rebuild, remove, settle, write

__all__ = [
    "ByName",
    "Difference",
    "Document",
    "Everywhere",
    "Found",
    "Match",
    "Named",
    "Reason",
    "compare",
    "initials",
    "install",
    "match",
    "match_everywhere",
    "match_names",
    "name_keys",
    "normalise",
    "ranked",
    "rebuild",
    "remove",
    "settle",
    "tidied",
    "tokens_that_count",
    "write",
]
