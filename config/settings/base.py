"""Settings that hold everywhere; local, test and production add where they run."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pghistory
from django.utils.translation import gettext_lazy as _

from config import embedded, env, limits
from config.logs import logging_settings, watch_errors
from config.schedule import SCHEDULE

BASE_DIR = env.BASE_DIR
DATA_DIR: Path = env.data_dir()
DEMO = env.demo()
DEBUG = False
#: Set by config.owner for commands that change the shape of the database.
AS_OWNER = os.environ.get("PORTAL_AS_OWNER") == "1"

# ---------------------------------------------------------------------------- apps
INSTALLED_APPS = [
    # ours first, so that our templates and commands win
    "core",
    "accounts",
    "programme",
    "measures",
    "kpis",
    "risks",
    "strategy",
    "reporting",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "axes",
    "csp",
    "django_celery_beat",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pghistory",
    "pgtrigger",
    "rest_framework",
]

MIDDLEWARE = [
    "core.middleware.RequestIdMiddleware",
    "core.middleware.HeadersMiddleware",
    "core.middleware.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.middleware.StyleExceptionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.sessions.SessionLifeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.AuditContextMiddleware",
    "core.middleware.TooOftenMiddleware",
    "axes.middleware.AxesMiddleware",
    "core.middleware.OneReadingMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_ID = 1

TEMPLATES: list[dict[str, Any]] = [
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
                "programme.context.portal",
            ],
        },
    },
]

# ---------------------------------------------------------------------------- database
_app_url = env.text("DATABASE_URL") or embedded.database_url(DATA_DIR)
_owner_url = (
    env.text("MIGRATE_DATABASE_URL")
    or env.text("DATABASE_URL")
    or embedded.database_url(DATA_DIR, owner=True)
)
_database_variable = (
    "MIGRATE_DATABASE_URL" if AS_OWNER and env.text("MIGRATE_DATABASE_URL") else "DATABASE_URL"
)

DATABASES: dict[str, dict[str, Any]] = {
    "default": env.database(_database_variable, _owner_url if AS_OWNER else _app_url)
    | {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
}
DATABASES["default"]["OPTIONS"].setdefault("connect_timeout", "5")
DATABASES["default"]["OPTIONS"].setdefault("application_name", "portal")

# Row level is quadratic on bulk writes (decision 32); event tables refuse update and delete.
PGHISTORY_LEVEL = pghistory.Statement  # type: ignore[has-type]
PGHISTORY_APPEND_ONLY = True
# Copies of foreign keys in event tables are read by object, never joined: an index on each would double the work.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False, db_constraint=False)

# ---------------------------------------------------------------------------- Redis: cache and broker
REDIS_URL = env.redis_url("REDIS_URL", env.text("REDIS_URL") or embedded.redis_url(DATA_DIR))
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "core.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_connect_timeout": limits.REDIS_TIMEOUT, "socket_timeout": limits.REDIS_TIMEOUT},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = limits.SESSION_AGE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # htmx reads the token from the page; Django's own views may need the cookie
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "core.access.forged"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "core.messages.CookieStorage"
MESSAGE_COOKIE_NAME = "messages"

CELERY_BROKER_URL = env.broker_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {"visibility_timeout": limits.VISIBILITY_TIMEOUT}
if env.text("PORTAL_ROLE") not in {"worker", "beat"}:
    # Publishing gives up at once: the job row waits for the sweeper. A worker waits for its broker instead.
    CELERY_BROKER_TRANSPORT_OPTIONS |= {
        "socket_connect_timeout": limits.REDIS_TIMEOUT,
        "socket_timeout": limits.REDIS_TIMEOUT,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
    }
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 0}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_RESULT_BACKEND = None
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = limits.JOB_HARD_LIMIT
CELERY_TASK_SOFT_TIME_LIMIT = limits.JOB_SOFT_LIMIT
CELERY_TASK_DEFAULT_QUEUE = env.text("PORTAL_QUEUE", "portal")
CELERY_TIMEZONE = "Europe/Helsinki"
CELERY_ENABLE_UTC = True
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = SCHEDULE
CELERY_BEAT_MAX_LOOP_INTERVAL = 5  # s; how soon a change of the schedule is seen
CELERY_BEAT_SYNC_EVERY = 1  # task; its health check reads from the database when it last rang
DJANGO_CELERY_BEAT_TZ_AWARE = True

# ---------------------------------------------------------------------------- people
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: it refuses before a password is looked at
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = limits.PASSWORD_LINK_AGE
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
# Who tries passwords is stopped by axes and accounts.lockout; a second counter would give a second answer.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_FAILURE_LIMIT = limits.SIGN_IN_FAILURES
AXES_COOLOFF_TIME = timedelta(seconds=limits.SIGN_IN_LOCK)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # trying on does not keep the door shut for ever
AXES_DISABLE_ACCESS_LOG = True  # the security log is on standard error, not in a table that grows
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_USERNAME_CALLABLE = "accounts.lockout.username_of"
AXES_CLIENT_IP_CALLABLE = "core.rates.address_of"
AXES_LOCKOUT_CALLABLE = "accounts.lockout.locked_out"

# ---------------------------------------------------------------------------- language and time
LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]
LANGUAGE_CODE = "fi"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["core.formats"]
USE_I18N = True
USE_THOUSAND_SEPARATOR = False  # years, ids and form values must stay as they are; one filter formats amounts
USE_TZ = True
TIME_ZONE = "Europe/Helsinki"

# ---------------------------------------------------------------------------- files
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.finders.PackageFileFinder",
]
MEDIA_ROOT = DATA_DIR / "media"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = limits.UPLOAD_MAX_BYTES
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a month grid of a project has thousands of cells

# ---------------------------------------------------------------------------- browser's rules
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
#: How many proxies in front of us write X-Forwarded-For; 0 believes no such header.
TRUSTED_PROXIES = 0
#: Sent with every answer (core.middleware); the whole screen is for the big room, copying for tables.
BROWSER_HEADERS = {
    "Permissions-Policy": ", ".join(
        [
            *(f"{feature}=()" for feature in (
                "accelerometer", "autoplay", "camera", "display-capture", "geolocation", "gyroscope", "hid",
                "magnetometer", "microphone", "midi", "payment", "publickey-credentials-get", "serial", "usb",
                "xr-spatial-tracking",
            )),
            "clipboard-write=(self)",
            "fullscreen=(self)",
        ]
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Reporting-Endpoints": 'csp="/csp-report/"',
}  # fmt: skip
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "report-uri": "/csp-report/",
        "report-to": "csp",
    }
}
#: The two places whose pages are not ours and style themselves (decision 40).
CSP_STYLE_EXCEPTIONS = ("/admin/", "/api/docs/")

# ---------------------------------------------------------------------------- API
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "COERCE_DECIMAL_TO_STRING": True,
    "EXCEPTION_HANDLER": "core.api.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Productivity programme portal",
    "DESCRIPTION": "Programmes, measures, savings and their facts. Amounts are euros as decimal strings.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# ---------------------------------------------------------------------------- outside services
SOTKANET_BASE_URL = env.http_url("SOTKANET_BASE_URL", "https://sotkanet.fi/rest/1.1")
#: The service wants to know who asks: the mail address or web page of the county's administrator.
SOTKANET_CONTACT = env.text("SOTKANET_CONTACT", env.text("FEEDBACK_EMAIL"))
if env.text("SENTRY_DSN"):
    watch_errors(env.http_url("SENTRY_DSN", ""))
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "portal@localhost")
FEEDBACK_EMAIL = env.text("FEEDBACK_EMAIL", DEFAULT_FROM_EMAIL)  # reads what people write about accessibility
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if env.text("EMAIL_URL"):
    vars().update(env.email(env.text("EMAIL_URL")))
EMAIL_TIMEOUT = limits.EMAIL_TIMEOUT

# ---------------------------------------------------------------------------- logs
LOGGING_CONFIG = None
LOGGING = logging_settings(json_lines=env.flag("LOG_JSON", True))

# The Celery application must exist before the first shared task is looked up.
from config.celery import app as celery_app  # noqa: E402, F401
