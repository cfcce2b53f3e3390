"""The mails to whoever sent a correction, in the language in which it was sent.

Nothing that the sender wrote stands in them: the address may be that of somebody else.
"""

from typing import Any

from django.urls import reverse
from django.utils.translation import override

from engagement.desk.models import Correction, CorrectionState
from engagement.directories.correctable import label_in
from engagement.web import mailing

DECIDED = (CorrectionState.PUBLISHED, CorrectionState.DECLINED)


def tell_receipt(correction: Correction, home: str) -> bool:
    """That it came, and its number."""
    return mailing.send("correction_receipt", correction.email, correction.language, **said_of(correction, home))


def tell_outcome(correction: Correction, home: str) -> bool:
    """What came of it and why; False while nothing did."""
    if correction.state not in DECIDED:
        return False
    published = correction.state == CorrectionState.PUBLISHED
    said = {**said_of(correction, home), "published": published, "reason": correction.reason}
    return mailing.send("correction_outcome", correction.email, correction.language, **said)


def said_of(correction: Correction, home: str) -> dict[str, Any]:
    with override(correction.language):
        page = home + reverse("engagement:correction", args=[correction.reference])
        field = label_in(correction.kind, correction.field)
    return {"reference": correction.reference, "label": correction.label, "field": field, "page": page}
