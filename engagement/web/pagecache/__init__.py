"""Rendered pages, kept: one that is asked twice costs what a constant costs (docs/adr/0015-page-cache.md)."""
