"""Settings, top to bottom in the order of Django's own documentation. Everything that differs between
installations comes from the environment; docs/operations.md lists the variables."""

import ipaddress
import os
import sys
from pathlib import Path
from urllib.parse import quote

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.FileAwareEnv()
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

# -- Core ----------------------------------------------------------------------------------------------------

ON, OFF = ("1", "true", "on", "ok", "y", "yes"), ("0", "false", "off", "n", "no", "")


def switch(name: str, default: bool) -> bool:
    """Whether the variable says on. A word that is neither is refused: to django-environ's bool() it would be off."""
    said = env.str(name, default=ON[0] if default else OFF[0]).strip().lower()
    if said not in ON + OFF:
        raise ImproperlyConfigured(f"{name} is to be 1 or 0.")
    return said in ON


DEBUG = switch("DEBUG", default=False)
HTTPS = switch("HTTPS", default=not DEBUG)


def secret_key() -> str:
    """SECRET_KEY, or the file named by SECRET_KEY_FILE, or the key that `make run` keeps in var/."""
    if key := env.str("SECRET_KEY", default=""):
        return key
    kept = VAR_DIR / "secret_key"
    if kept.is_file():
        return kept.read_text().strip()
    if DEBUG:
        return "only-for-debugging-" + "x" * 40
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Set it in the environment (or SECRET_KEY_FILE), start with `make run`, "
        "which makes one in var/, or set DEBUG=1 for a trial."
    )


SECRET_KEY = secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "engagement",
    "engagement.desk",
    "engagement.apps.RegisterAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "simple_history",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
]

MIDDLEWARE = [
    "engagement.web.replica.FromReplica",
    "engagement.web.pagecache.middleware.PageCache",
    "engagement.web.observing.middleware.NotingForTheLog",
    "engagement.freshness.middleware.DrainAfterWriting",
    "engagement.web.headers.Headers",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "engagement.middleware.LanguageOfAddress",
    "engagement.web.readonly.ReadOnly",
    "engagement.web.guard.Guard",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "ilo_portal.urls"
WSGI_APPLICATION = "ilo_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- Database ------------------------------------------------------------------------------------------------

SQLITE_OPTIONS = {
    # Measured with contending writers: Django's defaults lost most writes, these lose none.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
}
# Nothing is written, and the database connections are such as cannot write (docs/operations.md).
READ_ONLY = switch("READ_ONLY", default=False)
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'register.sqlite3'}")}
if ON_SQLITE := DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"].update(OPTIONS=SQLITE_OPTIONS, CONN_MAX_AGE=None)
    if READ_ONLY:
        path = quote(DATABASES["default"]["NAME"])
        DATABASES["default"].update(NAME=f"file:{path}?mode=ro", OPTIONS={"init_command": "PRAGMA query_only=ON"})
else:
    options = DATABASES["default"].setdefault("OPTIONS", {})
    options.setdefault("connect_timeout", 5)
    if READ_ONLY:
        options["options"] = f"{options.get('options', '')} -c default_transaction_read_only=on".strip()
    DATABASES["default"].update(CONN_MAX_AGE=None, CONN_HEALTH_CHECKS=True)
# A streaming replica, from which public pages are read (engagement/web/replica.py).
if env.str("DATABASE_REPLICA_URL", default=""):
    DATABASES["replica"] = env.db("DATABASE_REPLICA_URL")
    if ON_SQLITE or "postgresql" not in DATABASES["replica"]["ENGINE"]:
        raise ImproperlyConfigured("DATABASE_REPLICA_URL is for PostgreSQL, and DATABASE_URL is to name its primary.")
    DATABASES["replica"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 2)
    DATABASES["replica"].update(CONN_MAX_AGE=None, CONN_HEALTH_CHECKS=True, TEST={"MIRROR": "default"})

# -- Cache ---------------------------------------------------------------------------------------------------

CACHES = {
    "default": env.cache_url("CACHE_URL", default="locmemcache://"),
}
if CACHES["default"]["BACKEND"].endswith("RedisCache"):
    # A Redis that is down is a cache that is empty, and nobody waits long to find that out.
    CACHES["default"].update(
        BACKEND="django_redis.cache.RedisCache",
        OPTIONS={"IGNORE_EXCEPTIONS": True, "SOCKET_CONNECT_TIMEOUT": 0.5, "SOCKET_TIMEOUT": 0.5},
    )

# Whether rendered pages are kept, and the bytes that they may take in each process (engagement/web/pagecache/).
PAGE_CACHE = switch("PAGE_CACHE", default=not DEBUG)
try:
    PAGE_CACHE_BYTES = env.int("PAGE_CACHE_BYTES", default=64 * 1024 * 1024)
    if PAGE_CACHE_BYTES < 0:
        raise ValueError
except ValueError:
    raise ImproperlyConfigured(
        "PAGE_CACHE_BYTES is to be a whole number of bytes, as 67108864; 0 keeps none."
    ) from None

FIXTURE_DIRS = [BASE_DIR / "fixtures"]

# -- Templates, static files ---------------------------------------------------------------------------------

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "engagement.context.site",
            ],
        },
    }
]

# Where `manage.py backup` writes, and /readyz looks how old the newest is. Unset: backups/ in VAR_DIR, nobody looks.
BACKUP_DIR = Path(named) if (named := env.str("BACKUP_DIR", default="")) else None

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "engagement.web.stylesheets.StaticFiles"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False

# -- Languages and time --------------------------------------------------------------------------------------

# Each is named in itself. How to add one: docs/translating.md.
LANGUAGES = [("en", "English"), ("fr", "Français"), ("es", "Español")]
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["ilo_portal.formats"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# -- Accounts, mail ------------------------------------------------------------------------------------------

# A file of passwords that are known from breaches (engagement/accounts/breaches.py). Unset: the most frequent alone.
BREACHED_PASSWORDS = Path(named) if (named := env.str("BREACHED_PASSWORDS", default="")) else None
if BREACHED_PASSWORDS is not None and not BREACHED_PASSWORDS.is_file():
    raise ImproperlyConfigured("BREACHED_PASSWORDS names no file.")
AUTH_PASSWORD_VALIDATORS: list[dict[str, object]] = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {
        "NAME": "engagement.accounts.breaches.KnownPasswordValidator",
        "OPTIONS": {"breached": BREACHED_PASSWORDS},
    },
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL, LOGIN_REDIRECT_URL = "admin:login", "admin:index"
PASSWORD_RESET_TIMEOUT = 60 * 60
# Who fails to log in too often waits. The rules are in engagement/accounts/lockout.py.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_HANDLER = "engagement.accounts.lockout.Handler"
AXES_LOCKOUT_CALLABLE = "engagement.accounts.views.locked_out"
AXES_CLIENT_IP_CALLABLE = "engagement.accounts.lockout.counted_address"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "user_agent"]
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
# The second factor, asked of all staff where HTTPS is on (engagement/accounts/second_factor.py).
OTP_TOTP_ISSUER = env.str("SITE_NAME", default="") or "Register of civil-society engagement"
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="register@localhost")

# -- Security ------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# Addresses and networks of the proxies in front, whose X-Forwarded-For is believed.
try:
    TRUSTED_PROXIES = [ipaddress.ip_network(each.strip()) for each in env.list("TRUSTED_PROXIES", default=[])]
except ValueError as error:
    raise ImproperlyConfigured(
        f"TRUSTED_PROXIES: {error}. Give addresses or networks, as 127.0.0.1,10.0.0.0/8."
    ) from None
# Requests a minute from one address (engagement/web/limits.py).
LIMITS = {"api": 600, "files": 300, "forms": 10, "receipts": 30}
if not switch("RATE_LIMITS", default=True):  # for measuring alone: counted, and never refused
    LIMITS = dict.fromkeys(LIMITS, 10**9)
# Bytes that the snapshots kept by readers may take together (engagement/exchange/keeping.py).
try:
    SNAPSHOT_BYTES = env.int("SNAPSHOT_BYTES", default=200_000_000)
except ValueError:
    raise ImproperlyConfigured("SNAPSHOT_BYTES is to be a whole number, as 200000000.") from None
# Where weaknesses are reported (/.well-known/security.txt): addresses with their scheme, as RFC 9116 wants them.
SECURITY_CONTACT = [each.strip() for each in env.list("SECURITY_CONTACT", default=[]) if each.strip()]
if any(not each.startswith(("mailto:", "https://", "tel:")) for each in SECURITY_CONTACT):
    raise ImproperlyConfigured("SECURITY_CONTACT is to begin with mailto:, https:// or tel:.")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_HTTPONLY = True
# Not Strict: staff who follow a link to a record, or the mailed link to a new password, from a page of another site
# would stand before the login, or before a link that is no longer valid. No GET here changes anything, so that Lax
# keeps other sites from doing anything in their name.
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# In the session, which only staff have, and not in a cookie of their own.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"

# -- Logs, figures, errors (engagement/web/observing/) ---------------------------------------------------------

LOG_FORMAT = env.str("LOG_FORMAT", default="") or ("text" if sys.stdout.isatty() else "json")
if LOG_FORMAT not in ("json", "text"):
    raise ImproperlyConfigured("LOG_FORMAT is to be json or text.")
# What goes wrong in commands, to standard error: what they write to standard output may be a file that somebody wants.
# A process that serves logs to standard output instead (ilo_portal/wsgi.py).
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"errors": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["errors"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        # A 404 is no fault, nor is a host that a stranger made up: the line about the request says that there was one.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "CRITICAL"},
    },
}
# Who may read /metrics; without it there is none. Processes of one server share their figures in a directory, whose
# name prometheus_client wants to find in the environment before it is imported.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
if METRICS_TOKEN:
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(VAR_DIR / f"metrics-{env.str('PORT', default='8000')}"))
SENTRY_DSN = env.str("SENTRY_DSN", default="")

# -- The API -------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "engagement.api.description.Operation",
    "EXCEPTION_HANDLER": "engagement.api.answering.as_problem",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "The register of civil-society engagement with the ILO",
    "VERSION": "1",
    "SERVERS": [{"url": "/"}],
    "DEFAULT_GENERATOR_CLASS": "engagement.api.description.Description",
    "POSTPROCESSING_HOOKS": [],
    "SCHEMA_PATH_PREFIX": "/api/v1/",
}

# -- The register --------------------------------------------------------------------------------------------

SITE_NAME = env.str("SITE_NAME", default="") or _("Register of civil-society engagement with the ILO")
SITE_PUBLISHER = env.str("SITE_PUBLISHER", default="").strip()
# Whether organizations may send requests. Only with a publisher: engagement/web/opened.py.
REQUESTS = switch("REQUESTS", default=False)
DATA_LICENCE = env.str("DATA_LICENCE", default="CC BY 4.0")
PAGE_SIZE = 25
