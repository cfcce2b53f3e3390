"""`manage.py draw_models`: the models and their relations as a Mermaid diagram, for docs/data-model.md."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

SHARED = {"engagement.Source"}


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("\n".join(diagram()))


def diagram() -> Iterator[str]:
    """Lines of a Mermaid class diagram: a module a group, an arrow a relation.

    The source that every fact has is not drawn: it would be an arrow from every box.
    """
    models = [model for model in apps.get_app_config("engagement").get_models() if not is_history(model)]
    yield "classDiagram"
    for module in dict.fromkeys(model.__module__ for model in models):
        yield f"  namespace {module.rsplit('.', 1)[-1]} {{"
        yield from (f"    class {model.__name__}" for model in models if model.__module__ == module)
        yield "  }"
    for model in models:
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            if field.related_model in models and field.related_model._meta.label not in SHARED:
                arrow = "--" if field.many_to_many else "-->"
                yield f"  {model.__name__} {arrow} {field.related_model.__name__} : {field.name}"


def is_history(model: Any) -> bool:
    return model.__name__.startswith("Historical")
