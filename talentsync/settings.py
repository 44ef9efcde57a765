"""Django's settings. What an operator may change is read from the environment and listed in `.env.example`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

# Settings that are made elsewhere; "as" says that they are meant to be here.
from connectors.base.transport import CONNECT_TIMEOUT_SECONDS as CONNECT_TIMEOUT_SECONDS
from connectors.base.transport import WALL_DEADLINE_SECONDS as WALL_DEADLINE_SECONDS
from talentsync import environment
from talentsync.unfold import UNFOLD as UNFOLD

BASE_DIR = environment.PROJECT
env = environment.read()
VAR_DIR = environment.var_dir()

# The site

SECRET_KEY = env.str("SECRET_KEY", default="")
DEBUG = env.bool("DEBUG", default=False)
PORT = env.int("PORT", default=8000)
SITE_URL = (env.str("SITE_URL", default="") or f"http://127.0.0.1:{PORT}").rstrip("/")
IS_HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[]) or [urlsplit(SITE_URL).hostname, "localhost", "127.0.0.1"]
TRUSTED_PROXIES = environment.trusted_proxies(env)
ROOT_URLCONF = "talentsync.urls"
WSGI_APPLICATION = "talentsync.wsgi.application"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"  # else Unfold's login ends on a page that does not exist
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]  # without this, half-translated pages: Django knows many languages, our texts one
TIME_ZONE = "UTC"  # stored and computed in UTC; Django's own default is a city
USE_TZ = True
FORMAT_MODULE_PATH = ["talentsync.formats"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "django_celery_results",
    "talentsync.core",
    "talentsync.customers",
    "talentsync.sync",
    "talentsync.jobs",
    "talentsync.candidates",
    "talentsync.applications",
    "talentsync.resumes",
    "talentsync.demo",
    "talentsync.imports",
    "talentsync.monitoring",
]

MIDDLEWARE = [
    "talentsync.core.known.RequestIds",
    "talentsync.monitoring.probes.Probes",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "talentsync.core.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "talentsync.core.unread.UnreadForms",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "talentsync.core.buttons.ButtonsAlone",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "talentsync.core.zones.ViewersZoneMiddleware",
]

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
                "talentsync.core.banners.banners",
            ],
        },
    },
]

# The database

SQLITE_OPTIONS = {
    # Read-then-write transactions of several workers fail with "database is locked" without the first two.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # FULL: a click that was answered survives a power cut. secure_delete: what is erased is overwritten.
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA secure_delete=ON;PRAGMA foreign_keys=ON;",
}


def database(url: str) -> dict[str, Any]:
    """Django's description of one database, from its URL."""
    described: dict[str, Any] = env.db_url_config(url)
    if described["ENGINE"] != "django.db.backends.sqlite3":
        return {**described, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    file = BASE_DIR / described["NAME"]  # a relative name counts from the project, wherever the command was typed
    file.parent.mkdir(parents=True, exist_ok=True)
    return {**described, "NAME": str(file), "OPTIONS": SQLITE_OPTIONS}


DATABASES = {"default": database(env.str("DATABASE_URL", default="") or f"sqlite:///{VAR_DIR}/db.sqlite3")}

# Celery

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="") or "embedded://"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for ever: Celery's hundred are 46 minutes, and then a worker ends
# Who publishes knocks once: kombu's own retries take six seconds a message, while somebody waits for a page. A host
# that drops packets or says nothing gets 2 s to take the connection and 2 s to answer: enough for one lost packet,
# which is sent again after 1 s. Left to itself the client of Redis waits for minutes or for ever, that of RabbitMQ for
# 4 s. Beat comes back by a loop of Celery's, which this does not touch; workers undo it.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "max_retries": 0,
    **dict.fromkeys(["socket_connect_timeout", "socket_timeout"], 2.0),  # Redis
    **dict.fromkeys(["connect_timeout", "read_timeout", "write_timeout"], 2.0),  # RabbitMQ
}
CELERY_RESULT_BACKEND = "talentsync.results:Backend"
CELERY_RESULT_EXTENDED = True  # the task's name and arguments, which are primary keys only
CELERY_RESULT_EXPIRES = timedelta(days=7)
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_TASK_DEFAULT_QUEUE = "talentsync"
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # nothing is broadcast; whether a worker lives is a row in the database

# Logins

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # by address alone, one person locks out an office
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_TEMPLATE = "locked_out.html"  # it names the time
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "talentsync.proxy.client_address"
AXES_DISABLE_ACCESS_LOG = True  # a list of who logged in when and from where is personal data that nobody asked for
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# What browsers are told

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_TRUSTED_ORIGINS = [SITE_URL] if IS_HTTPS else []
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # preloading binds a whole domain for years: its owner's choice, not ours
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {  # as Django 6 spells it
    "default-src": ["'self'"],
    "script-src": [
        "'self'",
        "'unsafe-eval'",
    ],  # Unfold's Alpine build evaluates; without it no button of the admin works
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'"],
}

# Files

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "talentsync" / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default="") or VAR_DIR / "media")  # private: no URL leads there
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
RESUMES_S3_BUCKET = env.str("RESUMES_S3_BUCKET", default="")
RESUMES_S3_FOLDER = env.str("RESUMES_S3_FOLDER", default="resumes")
RESUMES_S3_ENDPOINT = env.str("RESUMES_S3_ENDPOINT", default="")
RESUMES_S3_REGION = env.str("RESUMES_S3_REGION", default="")
RESUMES_S3_ACCESS_KEY = env.str("RESUMES_S3_ACCESS_KEY", default="")
RESUMES_S3_SECRET_KEY = env.str("RESUMES_S3_SECRET_KEY", default="")
RESUME_SCANNER = env.str("RESUME_SCANNER", default="")
CLAMAV_SOCKET = env.str("CLAMAV_SOCKET", default="")


def resumes_storage() -> dict[str, Any]:
    """The disk, unless a bucket is named."""
    if not RESUMES_S3_BUCKET:
        return {"BACKEND": "talentsync.resumes.storage.LocalStorage"}
    options = {
        "bucket_name": RESUMES_S3_BUCKET,
        "location": RESUMES_S3_FOLDER,
        "endpoint_url": RESUMES_S3_ENDPOINT or None,
        "region_name": RESUMES_S3_REGION or None,
        "access_key": RESUMES_S3_ACCESS_KEY or None,  # None: what boto3 finds by itself, such as a machine's role
        "secret_key": RESUMES_S3_SECRET_KEY or None,
    }
    return {"BACKEND": "talentsync.resumes.s3.S3PrivateStorage", "OPTIONS": options}


STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "resumes": resumes_storage(),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Mail: alerts, and nothing else

ALERT_EMAILS = env.list("ALERT_EMAILS", default=[])
ALERT_FROM = DEFAULT_FROM_EMAIL = env.str("ALERT_FROM", default="") or f"talentsync@{urlsplit(SITE_URL).hostname}"
EMAIL_URL = env.str("EMAIL_URL", default="")
EMAIL: dict[str, Any] = env.email_url_config(EMAIL_URL) if EMAIL_URL else {}
EMAIL_BACKEND = EMAIL.get("EMAIL_BACKEND", "django.core.mail.backends.dummy.EmailBackend")
EMAIL_HOST, EMAIL_PORT = EMAIL.get("EMAIL_HOST", "localhost"), EMAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL.get("EMAIL_HOST_USER"), EMAIL.get("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL.get("EMAIL_USE_TLS", False), EMAIL.get("EMAIL_USE_SSL", False)

# Logs: to stderr, one line per record, nothing secret or personal

LOG_FORMAT = env.str("LOG_FORMAT", default="text")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redacting": {"()": "talentsync.core.logs.RedactingFilter"}},
    "formatters": {
        "text": {"()": "talentsync.one_line.OneLineFormatter"},
        "json": {"()": "talentsync.json_lines.JsonFormatter"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["redacting"],
            "formatter": "json" if LOG_FORMAT == "json" else "text",
        },
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},  # Django's own handlers would print a second time
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "urllib3": {"level": "CRITICAL"},  # its warnings quote addresses with their queries
        "gunicorn.error": {"handlers": [], "propagate": True},  # in its workers; the first process has lines of its own
        "axes": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},  # a page that is refused or not there is no news, and has no traceback
    },
}

# TalentSync

FIELD_ENCRYPTION_KEYS = env.list("FIELD_ENCRYPTION_KEYS", default=[])
ERASURE_HASH_KEY = env.str("ERASURE_HASH_KEY", default="")
LINKEDIN_API_URL = env.str("LINKEDIN_API_URL", default="https://api.linkedin.com")
LINKEDIN_AUTH_URL = env.str("LINKEDIN_AUTH_URL", default="https://www.linkedin.com")
LINKEDIN_UPLOAD_HOSTS = env.list("LINKEDIN_UPLOAD_HOSTS", default=["www.linkedin.com"])
GREENHOUSE_API_URL = env.str("GREENHOUSE_API_URL", default="https://harvest.greenhouse.io")
GREENHOUSE_AUTH_URL = env.str("GREENHOUSE_AUTH_URL", default="https://auth.greenhouse.io")
SIMULATOR_URL = env.str("SIMULATOR_URL", default="http://127.0.0.1:8900")
LINKEDIN_TASK_FIRST_POLL_SECONDS = env.int("LINKEDIN_TASK_FIRST_POLL_SECONDS", default=300)
SWEEP_SECONDS = env.int("SWEEP_SECONDS", default=30)
UNDO_SECONDS = env.int("UNDO_SECONDS", default=60)
EXCHANGE_RETENTION_DAYS = env.int("EXCHANGE_RETENTION_DAYS", default=30)
REQUEST_RETENTION_DAYS = env.int("REQUEST_RETENTION_DAYS", default=365)
AUDIT_RETENTION_DAYS = env.int("AUDIT_RETENTION_DAYS", default=1095)
DAILY_LIMIT_HEADROOM_PERCENT = env.int("DAILY_LIMIT_HEADROOM_PERCENT", default=10)
ERASURE_LOCAL_AFTER_DAYS = env.int("ERASURE_LOCAL_AFTER_DAYS", default=30)
HISTORY_WINDOW = (
    2_000  # records of a kind that a history lets wait at a time: its lanes never idle, and a pause is soon one
)
ALERT_WEBHOOK_URL = env.str("ALERT_WEBHOOK_URL", default="")
ALERT_WEBHOOK_SECRET = env.str("ALERT_WEBHOOK_SECRET", default="")
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
WATCH_SECONDS = 30  # how often somebody looks whether an alert is due
LEASE_SECONDS = 120  # four calls at their deadline: a lease outlives its batch even when every clock is stretched

if environment.under_test():
    DATABASES["default"]["TEST"] = {"NAME": DATABASES["default"]["NAME"]}  # a file: see environment.test_environment
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Argon2 is slow on purpose
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_AUTOREFRESH = True  # static files come from their source; nobody has run collectstatic
