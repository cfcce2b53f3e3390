"""The addresses of files, which have no language: every route literal and named."""

from django.urls import path, register_converter

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
from engagement.exchange.formats import FORMATS
from engagement.exchange.keeping import ARCHIVE
from engagement.models import (
    ActorGroup,
    ConsultativeCategory,
    Country,
    Instrument,
    Meeting,
    Organization,
    Programme,
    Project,
    Source,
)
from engagement.models.snapshots import WHOLE
from engagement.views import cite_files, data, site_files
from engagement.views.feeds import DirectoryFeedView, RecordFeedView
from engagement.views.files import DirectoryFileView
from engagement.views.snapshot_files import snapshot_file
from engagement.web.publicity import beside_the_log, marking_itself, public


class SuffixConverter:
    regex = "|".join(FORMATS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(SuffixConverter, "suffix")

app_name = "files"

urlpatterns = [
    # What search engines and browsers ask for
    path("robots.txt", public(site_files.robots), name="robots"),
    path(".well-known/security.txt", public(site_files.security), name="security"),
    path("sitemap.xml", marking_itself(site_files.sitemap), name="sitemap"),
    path("sitemap-<slug:section>-<int:number>.xml", marking_itself(site_files.sitemap_section), name="sitemap-section"),
    path("opensearch.xml", public(site_files.opensearch), name="opensearch"),
    # How a page is cited
    path("cite.bib", marking_itself(cite_files.cite), {"suffix": "bib"}, name="cite-bib"),
    path("cite.ris", marking_itself(cite_files.cite), {"suffix": "ris"}, name="cite-ris"),
    path("cite.json", marking_itself(cite_files.cite), {"suffix": "json"}, name="cite-json"),
    # The register as a whole
    path("data/register.zip", marking_itself(data.register), name="register"),
    path("data/iati-activities.xml", marking_itself(data.iati_activities), name="iati-activities"),
    # Directories
    path(
        "organizations.<suffix:suffix>",
        marking_itself(DirectoryFileView.as_view(directory=organizations)),
        name="organizations",
    ),
    path("statuses.<suffix:suffix>", marking_itself(DirectoryFileView.as_view(directory=statuses)), name="statuses"),
    path(
        "invitations.<suffix:suffix>",
        marking_itself(DirectoryFileView.as_view(directory=invitations)),
        name="invitations",
    ),
    path(
        "constituents.<suffix:suffix>",
        marking_itself(DirectoryFileView.as_view(directory=constituents)),
        name="constituents",
    ),
    path("countries.<suffix:suffix>", marking_itself(DirectoryFileView.as_view(directory=countries)), name="countries"),
    path("projects.<suffix:suffix>", marking_itself(DirectoryFileView.as_view(directory=projects)), name="projects"),
    path(
        "instruments.<suffix:suffix>",
        marking_itself(DirectoryFileView.as_view(directory=instruments)),
        name="instruments",
    ),
    path(
        "ratifications.<suffix:suffix>",
        marking_itself(DirectoryFileView.as_view(directory=ratifications)),
        name="ratifications",
    ),
    path("meetings.<suffix:suffix>", marking_itself(DirectoryFileView.as_view(directory=meetings)), name="meetings"),
    path("contacts.<suffix:suffix>", marking_itself(DirectoryFileView.as_view(directory=contacts)), name="contacts"),
    path("offices.<suffix:suffix>", marking_itself(DirectoryFileView.as_view(directory=offices)), name="offices"),
    path("sources.<suffix:suffix>", marking_itself(DirectoryFileView.as_view(directory=sources)), name="sources"),
    # Feeds: what changed last in a directory, and of one record
    path(
        "organizations.atom",
        marking_itself(DirectoryFeedView.as_view(directory=organizations)),
        name="organizations-feed",
    ),
    path("statuses.atom", marking_itself(DirectoryFeedView.as_view(directory=statuses)), name="statuses-feed"),
    path("invitations.atom", marking_itself(DirectoryFeedView.as_view(directory=invitations)), name="invitations-feed"),
    path(
        "constituents.atom", marking_itself(DirectoryFeedView.as_view(directory=constituents)), name="constituents-feed"
    ),
    path("countries.atom", marking_itself(DirectoryFeedView.as_view(directory=countries)), name="countries-feed"),
    path("projects.atom", marking_itself(DirectoryFeedView.as_view(directory=projects)), name="projects-feed"),
    path("instruments.atom", marking_itself(DirectoryFeedView.as_view(directory=instruments)), name="instruments-feed"),
    path(
        "ratifications.atom",
        marking_itself(DirectoryFeedView.as_view(directory=ratifications)),
        name="ratifications-feed",
    ),
    path("meetings.atom", marking_itself(DirectoryFeedView.as_view(directory=meetings)), name="meetings-feed"),
    path("contacts.atom", marking_itself(DirectoryFeedView.as_view(directory=contacts)), name="contacts-feed"),
    path("offices.atom", marking_itself(DirectoryFeedView.as_view(directory=offices)), name="offices-feed"),
    path("sources.atom", marking_itself(DirectoryFeedView.as_view(directory=sources)), name="sources-feed"),
    path(
        "organizations/<slug:slug>.atom",
        marking_itself(RecordFeedView.as_view(model=Organization)),
        name="organization-feed",
    ),
    path("countries/<slug:iso2>.atom", marking_itself(RecordFeedView.as_view(model=Country)), name="country-feed"),
    path("projects/<slug:slug>.atom", marking_itself(RecordFeedView.as_view(model=Project)), name="project-feed"),
    path("programmes/<slug:slug>.atom", marking_itself(RecordFeedView.as_view(model=Programme)), name="programme-feed"),
    path(
        "instruments/<slug:code>.atom", marking_itself(RecordFeedView.as_view(model=Instrument)), name="instrument-feed"
    ),
    path("meetings/<slug:slug>.atom", marking_itself(RecordFeedView.as_view(model=Meeting)), name="meeting-feed"),
    path("sources/<slug:slug>.atom", marking_itself(RecordFeedView.as_view(model=Source)), name="source-feed"),
    path(
        "categories/<slug:slug>.atom",
        marking_itself(RecordFeedView.as_view(model=ConsultativeCategory)),
        name="category-feed",
    ),
    path(
        "engagement/<slug:slug>.atom", marking_itself(RecordFeedView.as_view(model=ActorGroup)), name="actor-group-feed"
    ),
    # Snapshots
    path(
        "snapshots/<moment:moment>/register.zip",
        beside_the_log(snapshot_file),
        {"collection": WHOLE, "suffix": ARCHIVE},
        name="register-snapshot",
    ),
    path("snapshots/<moment:moment>/<slug:collection>.<suffix:suffix>", beside_the_log(snapshot_file), name="snapshot"),
]
