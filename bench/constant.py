"""The floor: a Django view that answers ready bytes, without middleware, on the portal's own server.

BENCH_ANSWER names a JSON file with the headers and the name of the file with the bytes.
"""

import json
import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    MIDDLEWARE=[],
    ROOT_URLCONF="bench.constant",
    SECRET_KEY="for the floor alone",
)

answer = Path(os.environ["BENCH_ANSWER"])
headers: dict[str, str] = json.loads(answer.read_text(encoding="utf-8"))
body = answer.with_suffix(".body").read_bytes()


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse(body, headers=headers)


urlpatterns = [path("", constant)]
application = get_wsgi_application()
