"""The addresses of the API. What is in DIRECTORIES is in the API: three addresses each, named after the directory."""

from django.urls import path, re_path

from engagement.api.documentation import CollectionDocumentation, Documentation, Schema
from engagement.api.mirroring import Changes
from engagement.api.reconciliation import views as reconciliation
from engagement.api.views import Collection, Index, Record, Unknown
from engagement.directories import DIRECTORIES

app_name = "api"

urlpatterns = [
    path("", Index.as_view(), name="index"),
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", Documentation.as_view(), name="documentation"),
]

for each in DIRECTORIES:
    urlpatterns += [
        path(f"docs/{each.name}/", CollectionDocumentation.as_view(directory=each), name=f"{each.name}-documentation"),
        path(f"{each.name}/", Collection.as_view(directory=each), name=each.name),
        path(f"{each.name}/<slug:key>/", Record.as_view(directory=each), name=f"{each.name}-record"),
        path(f"{each.name}/since/<int:revision>/", Changes.as_view(directory=each), name=f"{each.name}-changes"),
    ]

# For clients of the reconciliation API, who are given these addresses and no others (docs/reconciliation.md).
urlpatterns += [
    path("reconcile", reconciliation.Reconcile.as_view(), name="reconcile"),
    path("reconcile/view", reconciliation.View.as_view(), name="reconcile-view"),
    path("reconcile/preview", reconciliation.Preview.as_view(), name="reconcile-preview"),
    path("reconcile/properties", reconciliation.Properties.as_view(), name="reconcile-properties"),
    path("reconcile/suggest/entity", reconciliation.SuggestEntity.as_view(), name="reconcile-suggest-entity"),
    path("reconcile/suggest/type", reconciliation.SuggestType.as_view(), name="reconcile-suggest-type"),
    path("reconcile/suggest/property", reconciliation.SuggestProperty.as_view(), name="reconcile-suggest-property"),
]

# Stays the last. An address without a slash at its end is not among these: it is redirected to the one with it.
urlpatterns += [re_path(r"^(?:[\s\S]*/)?\Z", Unknown.as_view(), name="unknown")]
