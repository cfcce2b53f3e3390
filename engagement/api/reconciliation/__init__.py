"""The register as a reconciliation service: the W3C community group's Reconciliation Service API 0.2, for OpenRefine.

What it says and how it decides: docs/reconciliation.md.
"""
