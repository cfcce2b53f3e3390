"""How fast the register answers, beside what one would take instead: `make bench` (docs/performance.md)."""

from ilo_portal.sqlite import prefer_fixed_sqlite

# The library that the portal runs on, for bare SQL too.
prefer_fixed_sqlite()
