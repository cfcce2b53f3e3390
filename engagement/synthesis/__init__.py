"""Invented data in any number, for trying how the register bears it: never mixed with what sources say.

`words.py` makes names that mean nobody, `organizations.py`, `undertakings.py` and `meetings.py` rows of them,
`vocabularies.py` brings the countries and categories that are facts, `making.py` puts all of it into the database.
"""
