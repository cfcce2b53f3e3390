"""The addresses of the API. What is in DIRECTORIES is in the API: three addresses each, named after the directory."""

from django.urls import path, re_path

from engagement.api.documentation import CollectionDocumentation, Documentation, Schema
from engagement.api.mirroring import Changes
from engagement.api.reconciliation import views as reconciliation
from engagement.api.views import Collection, Index, Record, Unknown
from engagement.directories import DIRECTORIES
from engagement.web.publicity import marking_itself

app_name = "api"

urlpatterns = [
    path("", marking_itself(Index.as_view()), name="index"),
    path("schema/", marking_itself(Schema.as_view()), name="schema"),
    path("docs/", marking_itself(Documentation.as_view()), name="documentation"),
]

for each in DIRECTORIES:
    urlpatterns += [
        path(
            f"docs/{each.name}/",
            marking_itself(CollectionDocumentation.as_view(directory=each)),
            name=f"{each.name}-documentation",
        ),
        path(f"{each.name}/", marking_itself(Collection.as_view(directory=each)), name=each.name),
        path(f"{each.name}/<slug:key>/", marking_itself(Record.as_view(directory=each)), name=f"{each.name}-record"),
        path(
            f"{each.name}/since/<int:revision>/",
            marking_itself(Changes.as_view(directory=each)),
            name=f"{each.name}-changes",
        ),
    ]

# For clients of the reconciliation API, who are given these addresses and no others (docs/reconciliation.md).
urlpatterns += [
    path("reconcile", marking_itself(reconciliation.Reconcile.as_view()), name="reconcile"),
    path("reconcile/view", marking_itself(reconciliation.View.as_view()), name="reconcile-view"),
    path("reconcile/preview", marking_itself(reconciliation.Preview.as_view()), name="reconcile-preview"),
    path("reconcile/properties", marking_itself(reconciliation.Properties.as_view()), name="reconcile-properties"),
    path(
        "reconcile/suggest/entity",
        marking_itself(reconciliation.SuggestEntity.as_view()),
        name="reconcile-suggest-entity",
    ),
    path("reconcile/suggest/type", marking_itself(reconciliation.SuggestType.as_view()), name="reconcile-suggest-type"),
    path(
        "reconcile/suggest/property",
        marking_itself(reconciliation.SuggestProperty.as_view()),
        name="reconcile-suggest-property",
    ),
]

# Stays the last. An address without a slash at its end is not among these: it is redirected to the one with it.
urlpatterns += [re_path(r"^(?:[\s\S]*/)?\Z", marking_itself(Unknown.as_view()), name="unknown")]
