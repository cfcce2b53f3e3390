"""The Django project: settings, root URLs and the WSGI entry."""

from ilo_portal.sqlite import prefer_fixed_sqlite

# Before Django opens a database: whichever module imports sqlite3 first decides for the whole process.
prefer_fixed_sqlite()
