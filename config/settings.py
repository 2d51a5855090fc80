"""Settings of the site. Wiring only: every value that differs between sites comes from the environment (docs/operations.md lists them)."""

import os
import shutil
from datetime import timedelta
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.environment import BASE_DIR, read_environment
from config.logs import logging_settings

env, DATA_DIR = read_environment()

# The encoder multiplies small matrices: on two threads they wait for each other, on a busy machine ten times as long as the work takes.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is imported

# What kind of site this is. A demo carries accounts with known passwords; production carries none and refuses theirs.
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)

PORT = env.int("PORT", default=8000)
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{PORT}").rstrip("/")
SITE_IS_HTTPS = urlsplit(SITE_URL).scheme == "https"
SITE_NAME = env.str("SITE_NAME", default="Festival Commons")

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is not set. `make run` makes one; a deployment gives its own, at least 50 random characters.")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(SITE_URL).hostname, "localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "core",
    "members",
    "media",
    "catalogue",
    "sharing",
    "search",
    "exchange",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "taggit",
    "ninja",
    "django_structlog",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "exchange.middleware.ApiAnswers",
    "core.middleware.RequestLimits",
    "csp.middleware.CSPMiddleware",
    "config.middleware.AdminContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.LanguageOfPages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.error_pages.ErrorPages",
    "catalogue.admin_gate.AdminGate",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
        },
    },
]

# Database. SQLite takes the write lock at BEGIN, so two writers wait for each other instead of failing half-way.
# ATOMIC_REQUESTS stays off: with immediate transactions every GET would take that lock.
DATABASE_URL = env.str("DATABASE_URL", default="") or f"sqlite:///{DATA_DIR / 'db.sqlite3'}"
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Each process has its own; what is kept of searches carries the state of the index in its key (search/page_cache.py).
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "search": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "search",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 300},
    },
}

# People.
AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = ["members.backends.EmailBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# Languages of the interface; the texts in the catalogue may be in any language.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("zh-hans", _("Simplified Chinese"))]
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")

# Static files are served by the web process with far-future names; what a resource carries never is (media/).
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/site-images/"
MEDIA_ROOT = DATA_DIR / "site-images"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Wagtail.
WAGTAIL_SITE_NAME = SITE_NAME
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_I18N_ENABLED = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_AUTOSAVE_INTERVAL = 2000  # milliseconds without a change; Wagtail's half second is too often for slow lines
WAGTAIL_FRONTEND_LOGIN_URL = "/login/"
WAGTAILADMIN_LOGIN_URL = "login"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = True
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = False  # what was judged is published, even if a newer draft exists
WAGTAIL_FINISH_WORKFLOW_ACTION = "catalogue.moderation.publish_reviewed_revision"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
TAGGIT_CASE_INSENSITIVE = True

# Search.
ELASTICSEARCH_URL = env.str("ELASTICSEARCH_URL", default="")
ELASTICSEARCH_API_KEY = env.str("ELASTICSEARCH_API_KEY", default="")
ELASTICSEARCH_CA_CERTS = env.str("ELASTICSEARCH_CA_CERTS", default="")
ELASTICSEARCH_TIMEOUT_SECONDS = env.float("ELASTICSEARCH_TIMEOUT_SECONDS", default=5.0)
ELASTICSEARCH_RETRIES = env.int("ELASTICSEARCH_RETRIES", default=2)
SEARCH_INDEX_PREFIX = env.str("SEARCH_INDEX_PREFIX", default="festival")
SEARCH_SHARDS = env.int("SEARCH_SHARDS", default=1)
SEARCH_REPLICAS = env.int("SEARCH_REPLICAS", default=0)
SEARCH_ENCODER = env.str("SEARCH_ENCODER", default="use-multilingual")  # "" for words alone
SEARCH_PIECES = env.int("SEARCH_PIECES", default=24)  # of an edition's longer texts, encoded beside its summary

# Object storage. The browser's address of the store is a setting of its own, because a signature covers the host.
S3_ENDPOINT_URL = env.str("S3_ENDPOINT_URL", default="")
S3_PUBLIC_ENDPOINT_URL = env.str("S3_PUBLIC_ENDPOINT_URL", default="") or S3_ENDPOINT_URL
S3_REGION = env.str("S3_REGION", default="us-east-1")
S3_BUCKET = env.str("S3_BUCKET", default="festival")
S3_ACCESS_KEY_ID = env.str("S3_ACCESS_KEY_ID", default="")
S3_SECRET_ACCESS_KEY = env.str("S3_SECRET_ACCESS_KEY", default="")
DOWNLOAD_LINK_LIFETIME = timedelta(seconds=env.int("DOWNLOAD_LINK_SECONDS", default=300))
PLAYER_LINK_LIFETIME = timedelta(seconds=env.int("PLAYER_LINK_SECONDS", default=4 * 3600))
UPLOAD_LINK_LIFETIME = timedelta(seconds=env.int("UPLOAD_LINK_SECONDS", default=3600))
UPLOAD_LIFETIME = timedelta(hours=env.int("UPLOAD_HOURS", default=72))
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=20 * 1024**3)
UPLOAD_MORE_TYPES = env.list("UPLOAD_MORE_TYPES", default=[])
UPLOAD_REFUSED_TYPES = env.list("UPLOAD_REFUSED_TYPES", default=[])
OFFICE_CONVERTER = env.str("OFFICE_CONVERTER", default="soffice" if shutil.which("soffice") else "")
INSPECT_MAX_BYTES = env.int("INSPECT_MAX_BYTES", default=2 * 1024**3)
INSPECT_MAX_PIXELS = env.int("INSPECT_MAX_PIXELS", default=600_000_000)  # DIN A0 at 600 dots an inch
INSPECT_MAX_ENTRIES = env.int("INSPECT_MAX_ENTRIES", default=50_000)
INSPECT_MAX_UNPACKED_BYTES = env.int("INSPECT_MAX_UNPACKED_BYTES", default=20 * 1024**3)
CLAMAV_URL = env.str("CLAMAV_URL", default="")  # tcp://host:port or unix:/path
CLAMAV_MAX_BYTES = env.int("CLAMAV_MAX_BYTES", default=25 * 1024**2)
CLAMAV_TIMEOUT_SECONDS = env.int("CLAMAV_TIMEOUT_SECONDS", default=120)
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=5 * 1024**2)
IMPORT_FILES_MAX_BYTES = env.int("IMPORT_FILES_MAX_BYTES", default=2 * 1024**3)
UNUSED_FILE_GRACE = timedelta(days=env.int("UNUSED_FILE_DAYS", default=30))
AUDIT_SAMPLE = env.int("AUDIT_SAMPLE", default=100)  # files that are read and compared each week; 0 for none

# Background work. A worker that is killed leaves its jobs to others when their lease ends.
JOB_THREADS = env.int("JOB_THREADS", default=2)
JOB_LEASE = timedelta(seconds=env.int("JOB_LEASE_SECONDS", default=60))

# Mail.
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 30  # seconds; without it a silent mail server would hold a job for ever
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"library@{urlsplit(SITE_URL).hostname}")

# Limits on what a request may carry; files go straight to the object store, so nothing large ever comes this way.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Security. TLS ends at the proxy, which says so in X-Forwarded-Proto (set TRUST_PROXY only behind one that overwrites it).
if env.bool("TRUST_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    USE_X_FORWARDED_HOST = False
SECURE_SSL_REDIRECT = SITE_IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=365 * 24 * 3600 if SITE_IS_HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=False)  # binds every other host below this one
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = SITE_IS_HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = SITE_IS_HTTPS
CSRF_COOKIE_SAMESITE = "Strict"
LANGUAGE_COOKIE_SECURE = SITE_IS_HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for hosts below this one is the institution's decision (HSTS_SUBDOMAINS)
    "security.W019",  # wants DENY; Wagtail's editor shows previews of pages in a frame
    "security.W021",  # likewise, the preload list (HSTS_PRELOAD)
]

_store_origin = "{0.scheme}://{0.netloc}".format(urlsplit(S3_PUBLIC_ENDPOINT_URL)) if S3_PUBLIC_ENDPOINT_URL else SELF
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", _store_origin],
        "media-src": [SELF, _store_origin],
        "connect-src": [SELF, _store_origin],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}

LOGGING = logging_settings(level=env.str("LOG_LEVEL", default="INFO"), as_json=env.bool("LOG_JSON", default=not DEBUG))
DJANGO_STRUCTLOG_COMMAND_LOGGING_ENABLED = False
