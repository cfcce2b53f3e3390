"""Which request a line of the log, an error and a page that says so are about."""

from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("request", default="")


def request_id() -> str:
    """Of the request that is answered now; '' where none is."""
    return _current.get()


def set_request_id(given: str) -> None:
    _current.set(given)
