"""Root URLs. Pages carry a language prefix (English has none); files, API and health have none."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from engagement.views import health, metrics
from engagement.web.publicity import private

urlpatterns = [
    path("healthz", private(health.healthz), name="healthz"),
    path("readyz", private(health.readyz), name="readyz"),
    path("metrics", private(metrics.metrics), name="metrics"),
    path("api/v1/", include("engagement.api.urls")),
    path("", include("engagement.file_urls")),
    *i18n_patterns(
        path("admin/", include("engagement.admin_urls")),
        path("admin/", admin.site.urls),
        path("", include("engagement.urls")),
        prefix_default_language=False,
    ),
]
