"""Static files as a portal sends them: under names that change with their content, compressed, for good."""

import re
from pathlib import Path

import brotli
from django.core.management import call_command
from django.templatetags.static import static
from django.test import Client, override_settings

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "engagement.web.stylesheets.StaticFiles"},
}


def test_a_stylesheet_is_sent_in_brotli_and_may_be_kept_for_good(tmp_path: Path) -> None:
    with override_settings(STATIC_ROOT=str(tmp_path), STORAGES=STORAGES, INSTALLED_APPS=["django.contrib.staticfiles"]):
        call_command("collectstatic", verbosity=0, interactive=False)
        address = static("css/site.css")
        answer = Client().get(address, headers={"accept-encoding": "br"})
        body = b"".join(answer)
    assert re.search(r"/site\.[0-9a-f]{12}\.css$", address)
    assert answer.status_code == 200 and answer["Content-Encoding"] == "br"
    assert "immutable" in answer["Cache-Control"] and "max-age=315360000" in answer["Cache-Control"]
    assert answer["Vary"] == "Accept-Encoding"
    sent = brotli.decompress(body)
    assert len(sent) > len(body) == int(answer["Content-Length"])
    assert sent.startswith(b"@layer values,base,") and b"/*" not in sent and b"\n" not in sent
