"""Pages that the processes share, in the Redis of CACHE_URL. A Redis that is down or slow is one that holds nothing.

What is there is bytes under a seal made with SECRET_KEY: nothing that others have put there is unpickled or sent.
"""

import hashlib
import hmac
import json
import logging
import time
from collections.abc import Hashable
from typing import Any

from django.conf import settings
from django.core.cache import caches
from redis.exceptions import RedisError

from engagement.web.compression import BROTLI, PLAIN
from engagement.web.pagecache.pages import Page
from engagement.web.states import State

logger = logging.getLogger(__name__)

SEAL_BYTES = 32
# Seconds a page is kept for those that have not asked for it, and Redis left alone after it has failed.
KEPT_FOR, LEFT_ALONE_FOR = 3600, 5.0


class Shared:
    """By what was asked and the state of things, so that a page that holds no more is not even found."""

    def __init__(self, fingerprint: str) -> None:
        self._fingerprint = fingerprint
        self._left_alone_until = 0.0

    def get(self, key: Hashable, state: State) -> Page | None:
        name = self._name(key, state)
        found = self._asked("get", name)
        return opened(name, found, state) if isinstance(found, bytes) else None

    def put(self, key: Hashable, page: Page) -> None:
        name = self._name(key, page.state)
        self._asked("set", name, sealed(name, page), ex=KEPT_FOR)

    def _name(self, key: Hashable, state: State) -> str:
        digest = hashlib.sha256(repr((self._fingerprint, state, key)).encode("utf-8", "surrogateescape"))
        return f"page:{digest.hexdigest()}"

    def _asked(self, command: str, *arguments: Any, **options: Any) -> Any:
        if time.monotonic() < self._left_alone_until:
            return None
        try:
            client = caches["default"].client.get_client(write=True)  # type: ignore[attr-defined]
            return getattr(client, command)(*arguments, **options)
        except (RedisError, OSError) as error:
            logger.warning("Pages are not shared for %s seconds: %s", LEFT_ALONE_FOR, error)
            self._left_alone_until = time.monotonic() + LEFT_ALONE_FOR
            return None


def shared(fingerprint: str) -> Shared | None:
    """None where CACHE_URL names no Redis."""
    backend: str = settings.CACHES["default"]["BACKEND"]
    return Shared(fingerprint) if backend.endswith(".RedisCache") else None


def sealed(name: str, page: Page) -> bytes:
    encoding = BROTLI if page.is_compressible else PLAIN
    head = json.dumps({"headers": dict(page.headers), "encoding": encoding, "limit": page.limit}).encode() + b"\n"
    content = head + page.body(encoding)
    return seal(name, content) + content


def opened(name: str, found: bytes, state: State) -> Page | None:
    """None where this installation has not put it there, under this name."""
    content = found[SEAL_BYTES:]
    if not hmac.compare_digest(seal(name, content), found[:SEAL_BYTES]):
        return None
    head, _newline, body = content.partition(b"\n")
    said = json.loads(head)
    encoding, limit = said["encoding"], said["limit"]
    return Page(state, said["headers"], body, encoding=encoding, is_compressible=bool(encoding), limit=limit)


def seal(name: str, content: bytes) -> bytes:
    key = hashlib.sha256(b"page cache" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, name.encode() + b"\n" + content, hashlib.sha256).digest()
