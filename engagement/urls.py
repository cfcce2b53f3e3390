"""The public addresses: every route literal and named."""

from django.urls import path

from engagement.directories import (
    constituents,
    contacts,
    countries,
    instruments,
    invitations,
    meetings,
    offices,
    organizations,
    projects,
    ratifications,
    sources,
    statuses,
)
from engagement.views import changes, comparing, pages, records, searching, standing
from engagement.views.directories import DirectoryListView

app_name = "engagement"

urlpatterns = [
    path("", pages.home, name="home"),
    # Directories
    path("organizations/", DirectoryListView.as_view(directory=organizations), name="organizations"),
    path("statuses/", DirectoryListView.as_view(directory=statuses), name="statuses"),
    path("invitations/", DirectoryListView.as_view(directory=invitations), name="invitations"),
    path("constituents/", DirectoryListView.as_view(directory=constituents), name="constituents"),
    path("countries/", DirectoryListView.as_view(directory=countries), name="countries"),
    path("projects/", DirectoryListView.as_view(directory=projects), name="projects"),
    path("instruments/", DirectoryListView.as_view(directory=instruments), name="instruments"),
    path("ratifications/", DirectoryListView.as_view(directory=ratifications), name="ratifications"),
    path("meetings/", DirectoryListView.as_view(directory=meetings), name="meetings"),
    path("contacts/", DirectoryListView.as_view(directory=contacts), name="contacts"),
    path("offices/", DirectoryListView.as_view(directory=offices), name="offices"),
    path("sources/", DirectoryListView.as_view(directory=sources), name="sources"),
    # Records
    path("categories/<slug:slug>/", standing.category, name="category"),
    path("organizations/<slug:slug>/", standing.organization, name="organization"),
    path("countries/<slug:iso2>/", standing.country, name="country"),
    path("projects/<slug:slug>/", records.project, name="project"),
    path("programmes/<slug:slug>/", records.programme, name="programme"),
    path("instruments/<slug:code>/", records.instrument, name="instrument"),
    path("meetings/<slug:slug>/", records.meeting, name="meeting"),
    path("engagement/<slug:slug>/", records.actor_group, name="actor-group"),
    path("sources/<slug:slug>/", records.source, name="source"),
    # Pages
    path("search/", searching.search, name="search"),
    path("categories/", pages.categories, name="categories"),
    path("participation/", pages.participation, name="participation"),
    path("engagement/", pages.engagement, name="engagement"),
    path("discrepancies/", pages.discrepancies, name="discrepancies"),
    path("compare/", comparing.compare, name="compare"),
    path("changes/", changes.changes, name="changes"),
    path("about/", pages.about, name="about"),
    path("privacy/", pages.privacy, name="privacy"),
]
