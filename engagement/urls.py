"""The public addresses: every route literal and named, and declared: who may keep its answers (web/publicity.py)."""

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
    contact_check,
    contact_confirm,
    corrections,
    coverage,
    data,
    glossary,
    guide,
    meeting_check,
    pages,
    pictures,
    records,
    requests,
    requests_receipt,
    searching,
    snapshots,
    standing,
)
from engagement.views.directories import DirectoryListView
from engagement.web.publicity import beside_the_log, private, public

app_name = "engagement"

urlpatterns = [
    path("", public(pages.home), name="home"),
    # Directories
    path("organizations/", public(DirectoryListView.as_view(directory=organizations)), name="organizations"),
    path("statuses/", public(DirectoryListView.as_view(directory=statuses)), name="statuses"),
    path("invitations/", public(DirectoryListView.as_view(directory=invitations)), name="invitations"),
    path("constituents/", public(DirectoryListView.as_view(directory=constituents)), name="constituents"),
    path("countries/", public(DirectoryListView.as_view(directory=countries)), name="countries"),
    path("projects/", public(DirectoryListView.as_view(directory=projects)), name="projects"),
    path("instruments/", public(DirectoryListView.as_view(directory=instruments)), name="instruments"),
    path("ratifications/", public(DirectoryListView.as_view(directory=ratifications)), name="ratifications"),
    path("meetings/", public(DirectoryListView.as_view(directory=meetings)), name="meetings"),
    path("contacts/", public(DirectoryListView.as_view(directory=contacts)), name="contacts"),
    path("offices/", public(DirectoryListView.as_view(directory=offices)), name="offices"),
    path("sources/", public(DirectoryListView.as_view(directory=sources)), name="sources"),
    # Records
    path("countries/map/", public(pictures.countries_map), name="countries-map"),
    path("categories/<slug:slug>/", public(standing.category), name="category"),
    path("organizations/<slug:slug>/", public(standing.organization), name="organization"),
    path("countries/<slug:iso2>/", public(standing.country), name="country"),
    path("projects/<slug:slug>/", public(records.project), name="project"),
    path("programmes/<slug:slug>/", public(records.programme), name="programme"),
    path("instruments/<slug:code>/", public(records.instrument), name="instrument"),
    path("meetings/<slug:slug>/", public(records.meeting), name="meeting"),
    path("meetings/<slug:slug>/dates.ics", public(calendars.meeting_dates), name="meeting-dates"),
    path("engagement/<slug:slug>/", public(records.actor_group), name="actor-group"),
    path("sources/<slug:slug>/", public(records.source), name="source"),
    # Pages
    path("search/", public(searching.search), name="search"),
    path("categories/", public(pages.categories), name="categories"),
    path("participation/", public(pages.participation), name="participation"),
    path("which-status/", public(guide.which_status), name="which-status"),
    path("which-status/dates.ics", public(calendars.which_status_dates), name="which-status-dates"),
    path("engagement/", public(pages.engagement), name="engagement"),
    path("discrepancies/", public(pages.discrepancies), name="discrepancies"),
    path("coverage/", public(coverage.coverage), name="coverage"),
    path("meeting-check/", private(meeting_check.meeting_check), name="meeting-check"),
    path("compare/", public(comparing.compare), name="compare"),
    path("changes/", public(changes.changes), name="changes"),
    path("corrections/", beside_the_log(corrections.outcomes), name="corrections"),
    path("corrections/new/", private(corrections.new), name="correction-new"),
    path("corrections/<slug:reference>/", beside_the_log(corrections.one), name="correction"),
    path("data/", public(data.data), name="data"),
    path("contacts/check/", private(contact_check.contact_check), name="contact-check"),
    path("contacts/confirm/<str:secret>/", private(contact_confirm.contact_confirm), name="contact-confirm"),
    path("requests/", private(requests_receipt.all_requests), name="requests"),
    path("requests/new/", private(requests.new), name="request-new"),
    path("requests/continue/<str:told>/", private(requests.continued), name="request-continue"),
    path("requests/<slug:number>/", private(requests_receipt.receipt), name="request"),
    path("glossary/", public(glossary.glossary), name="glossary"),
    path("about/", public(pages.about), name="about"),
    path("privacy/", public(pages.privacy), name="privacy"),
    path("accessibility/", public(pages.accessibility), name="accessibility"),
    # What is kept for citing
    path("snapshots/", beside_the_log(snapshots.snapshots), name="snapshots"),
    path("snapshots/<moment:moment>/<slug:collection>/", beside_the_log(snapshots.snapshot), name="snapshot"),
    # Tables below the pictures, as files
    path("countries/map.csv", public(pictures.countries_map_file), name="countries-map-file"),
    path("categories/by-year.csv", public(pictures.categories_by_year), name="categories-by-year"),
    path("categories/over-time.csv", public(pictures.categories_over_time), name="categories-over-time"),
    path("categories/<slug:slug>/by-year.csv", public(pictures.category_by_year), name="category-by-year"),
    path(
        "organizations/<slug:slug>/timeline.csv", public(pictures.organization_timeline), name="organization-timeline"
    ),
    path("projects/<slug:slug>/results.csv", public(pictures.project_results), name="project-results"),
]
