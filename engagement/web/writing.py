"""Which requests may write to the database: all but those that read by their method, and forms that keep nothing."""

from django.http import HttpRequest

READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# Routes to which something is sent that is answered and not kept.
KEEP_NOTHING = frozenset({"engagement:meeting-check", "api:reconcile", "set_language"})


def may_write(request: HttpRequest) -> bool:
    """True for one that no route answers, too."""
    match = request.resolver_match
    return request.method not in READING and (match is None or match.view_name not in KEEP_NOTHING)
