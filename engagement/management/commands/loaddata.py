"""`manage.py loaddata`: Django's, with four differences. The history catches up with what was loaded, and contacts
that were erased are erased again, in the same transaction; a fixture that cannot be loaded is one line naming the file
and the object, with nothing loaded; and what is derived from the register, as the search is, follows before the command
ends."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.management import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializationError, DeserializedObject
from django.db import DEFAULT_DB_ALIAS, DatabaseError

from engagement import freshness
from engagement.desk.histories import catch_up
from engagement.management.loading import erase_again, name_object, one_line

FAULTS = (DeserializationError, DatabaseError, ObjectDoesNotExist, ValidationError, ValueError)


class Command(loaddata.Command):
    def handle(self, *fixture_labels: Any, **options: Any) -> None:
        super().handle(*fixture_labels, **options)
        freshness.catch_up(using=options["database"])

    def loaddata(self, fixture_labels: Any) -> None:
        try:
            super().loaddata(fixture_labels)
        except FAULTS as error:
            raise CommandError(f"{', '.join(fixture_labels)}: {one_line(error)}") from error
        catch_up(self.models, self.using)
        if self.using == DEFAULT_DB_ALIAS:
            erase_again()

    def load_label(self, fixture_label: str) -> None:
        self.loaded = 0
        try:
            super().load_label(fixture_label)
        except FAULTS as error:
            files = [path for path, *_ in self.find_fixtures(fixture_label)]
            # With --ignorenonexistent objects may be left out, and the count no longer says which one it is.
            place = name_object(files[0], self.loaded) if len(files) == 1 and not self.ignore else fixture_label
            raise CommandError(f"{place}: {one_line(error)}") from error

    def save_obj(self, obj: DeserializedObject) -> bool:
        # The links of a record are saved after it, each time with a row of history: catch_up writes one for all.
        vars(obj.object)["skip_history_when_saving"] = True
        saved: bool = super().save_obj(obj)
        self.loaded += 1
        return saved
