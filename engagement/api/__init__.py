"""The read-only API, under /api/v1/ (docs/api.md)."""
