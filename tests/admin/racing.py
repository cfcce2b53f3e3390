"""Many editors at one record at once, each in a process of its own, on a database of its own.

    manage.py shell --no-imports -c "from tests.admin.racing import race; race(8, 200)"

In every round all of them open the form, wait for each other, append a mark to the text and save. It prints how many
saves were accepted, how many were answered with a conflict, and how many accepted marks the text has lost.
"""

from multiprocessing import get_context
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connections
from django.test import Client
from django.test.utils import setup_test_environment

from engagement.models import Source

TOGETHER = get_context("fork")
WITHIN = 120


def race(editors: int, edits: int) -> None:
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    setup_test_environment()
    pk = Source.objects.create(title="Invented source").pk
    user = get_user_model().objects.create_superuser(f"invented-{pk}", password="x")
    connections.close_all()
    barrier, accepted = TOGETHER.Barrier(editors), TOGETHER.Queue()
    each = [TOGETHER.Process(target=edit, args=(n, edits, pk, user.pk, barrier, accepted)) for n in range(editors)]
    for process in each:
        process.start()
    marks = [mark for _process in each for mark in accepted.get(timeout=WITHIN * edits)]
    for process in each:
        process.join()
    note = Source.objects.get(pk=pk).note.split()
    lost = [mark for mark in marks if mark not in note] + [mark for mark in note if mark not in marks]
    print(len(marks), editors * edits - len(marks), len(lost))  # noqa: T201


def edit(editor: int, edits: int, pk: int, user: int, barrier: Any, accepted: Any) -> None:
    """The accepted marks of one editor go into the queue."""
    client = Client()
    client.force_login(get_user_model().objects.get(pk=user))
    marks = []
    for number in range(edits):
        data = opened(client, pk)
        mark = f"{editor}.{number}"
        barrier.wait(timeout=WITHIN)
        status = client.post(address(pk), {**data, "note": f"{data['note']} {mark}"}).status_code
        assert status in (302, 409), status
        marks += [mark] if status == 302 else []
        barrier.wait(timeout=WITHIN)
    accepted.put(marks)


def address(pk: int) -> str:
    return f"/admin/engagement/source/{pk}/change/"


def opened(client: Client, pk: int) -> dict[str, Any]:
    """What the form sends back as it stands."""
    form = client.get(address(pk)).context["adminform"].form
    sent = {bound.html_name: bound.value() for bound in form}
    return {name: value for name, value in sent.items() if value not in (None, False)}
