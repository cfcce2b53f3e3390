"""Pictures: plain functions from rows to what a template draws. Places are numbers, words and colours are a template's.

Across, a place is a share of the width, from 0 to 1: a picture is as wide as its page and its text keeps its size.
Down, a place is in pixels. Time runs from the left to the right in every language.
"""
