"""Decision sets with invented organizations and requests, for tests."""

import datetime
from itertools import count
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from engagement.desk.models import DecisionSet, Request, RequestKind, RequestStep, Stage
from engagement.models import Organization, Source
from tests.admin.rows import make

DAY = datetime.date(2026, 3, 12)
_numbers = count(1)


def account(name: str) -> Any:
    return get_user_model().objects.get_or_create(username=name)[0]


def begun(**said: Any) -> DecisionSet:
    """A draft that `invented-one` began."""
    heading = {
        "session": "Invented session (March 2026)",
        "date": DAY,
        "document": "INVENTED/17",
        "paragraph": "4(b)",
        "source": make(Source, title="Invented decision"),
        "actor": account("invented-one"),
        "actor_name": "invented-one",
    }
    return DecisionSet.objects.create(**{**heading, **said})


def bodies(number: int, **said: Any) -> list[Organization]:
    return [make(Organization, name=f"Invented body {next(_numbers)}", **said) for _ in range(number)]


def asked(organization: Organization | None, stage: Stage = Stage.COMPLETE, **said: Any) -> Request:
    """A request that has come to a stage."""
    number = next(_numbers)
    kind = RequestKind.INVITATION if "meeting" in said else RequestKind.STATUS
    values = {"kind": kind, "name": f"Invented body {number}", "email": f"{number}@invented.example", **said}
    told = {"receipt": f"R-TEST-{number:04}", "digest": f"{number:064}", "sent_at": timezone.now()}
    request = Request.objects.create(organization=organization, stage=stage, **told, **values)
    RequestStep.objects.create(request=request, stage=stage)
    return request
