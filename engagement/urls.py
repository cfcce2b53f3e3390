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
from engagement.views import (
    calendars,
    changes,
    comparing,
    coverage,
    glossary,
    guide,
    meeting_check,
    pages,
    pictures,
    records,
    searching,
    standing,
)
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
    path("countries/map/", pictures.countries_map, name="countries-map"),
    path("categories/<slug:slug>/", standing.category, name="category"),
    path("organizations/<slug:slug>/", standing.organization, name="organization"),
    path("countries/<slug:iso2>/", standing.country, name="country"),
    path("projects/<slug:slug>/", records.project, name="project"),
    path("programmes/<slug:slug>/", records.programme, name="programme"),
    path("instruments/<slug:code>/", records.instrument, name="instrument"),
    path("meetings/<slug:slug>/", records.meeting, name="meeting"),
    path("meetings/<slug:slug>/dates.ics", calendars.meeting_dates, name="meeting-dates"),
    path("engagement/<slug:slug>/", records.actor_group, name="actor-group"),
    path("sources/<slug:slug>/", records.source, name="source"),
    # Pages
    path("search/", searching.search, name="search"),
    path("categories/", pages.categories, name="categories"),
    path("participation/", pages.participation, name="participation"),
    path("which-status/", guide.which_status, name="which-status"),
    path("which-status/dates.ics", calendars.which_status_dates, name="which-status-dates"),
    path("engagement/", pages.engagement, name="engagement"),
    path("discrepancies/", pages.discrepancies, name="discrepancies"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("meeting-check/", meeting_check.meeting_check, name="meeting-check"),
    path("compare/", comparing.compare, name="compare"),
    path("changes/", changes.changes, name="changes"),
    path("glossary/", glossary.glossary, name="glossary"),
    path("about/", pages.about, name="about"),
    path("privacy/", pages.privacy, name="privacy"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    # Tables below the pictures, as files
    path("countries/map.csv", pictures.countries_map_file, name="countries-map-file"),
    path("categories/by-year.csv", pictures.categories_by_year, name="categories-by-year"),
    path("categories/over-time.csv", pictures.categories_over_time, name="categories-over-time"),
    path("categories/<slug:slug>/by-year.csv", pictures.category_by_year, name="category-by-year"),
    path("organizations/<slug:slug>/timeline.csv", pictures.organization_timeline, name="organization-timeline"),
    path("projects/<slug:slug>/results.csv", pictures.project_results, name="project-results"),
]
