"""Every setting of klimaspor, read from the environment.

Nothing here starts or opens anything: mypy, collectstatic and makemigrations import this file too.
"""

import logging
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

import environ
import structlog

from klimaspor import embedded, valkey

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


# What kind of place this is

# Whether real people use it: then all that is only safe at a desk is refused.
PRODUCTION = env.bool("PRODUCTION", default=False)
# Django's own error pages, for developers.
DEBUG = env.bool("DEBUG", default=False)
# Fictional people with one-press sign-in, and a page that shows all mails. Only on a loopback address.
DEMO = env.bool("DEMO", default=False)
# Where everything lies that must survive a restart.
STATE = Path(env.str("KLIMASPOR_STATE", default=str(BASE_DIR / ".state"))).absolute()
# Signs sessions and links.
DEFAULT_SECRET_KEY = "insecure: only for a machine nobody else can reach"  # noqa: S105 - production refuses it
SECRET_KEY = env.str(
    "SECRET_KEY", default=embedded.saved_secret(STATE, "secret_key") or DEFAULT_SECRET_KEY
)
# Earlier keys that still read what they signed, separated by commas.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# The port the web server listens on.
PORT = env.int("PORT", default=8000)
# The address the web server listens on.
BIND = env.str("BIND", default="127.0.0.1")
# Which of web, worker and beat `./run` starts, separated by commas; beat on one machine only.
PROGRAMS = env.list("PROGRAMS", default=["web", "worker", "beat"])
# How many processes answer requests, each with four threads.
WEB_WORKERS = env.int("WEB_WORKERS", default=2)
# How many tasks one worker does at a time.
TASK_WORKERS = env.int("TASK_WORKERS", default=2)
# The portal's public address, used for links in mails and papers.
BASE_URL = env.str("BASE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
# The host names the portal answers to, separated by commas.
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]"]
)
# How many proxies of our own stand in front.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
# Whether the nearest proxy's X-Request-Start says when a request was received.
TRUST_REQUEST_START = env.bool("TRUST_REQUEST_START", default=False)
# Seconds a silent worker keeps the papers it was setting, before another begins them anew.
PAPER_LEASE_SECONDS = env.int("PAPER_LEASE_SECONDS", default=120)
# The version shown at the foot of pages and in the log.
VERSION = env.str("VERSION", default="0.1.0")


# What it stands on

# A PostgreSQL database, as postgres://user:password@host:5432/name.
DATABASE_URL = env.str("DATABASE_URL", default="")
# Seconds a connection to the database is kept for the next request.
DATABASE_KEEP_SECONDS = env.int("DATABASE_KEEP_SECONDS", default=60)
# What the tests call their database.
TEST_DB = env.str("TEST_DB", default="test_klimaspor")
# A Redis or Valkey, as redis://host:6379.
REDIS_URL = env.str("REDIS_URL", default="")
# What our keys there begin with, where portals share it.
REDIS_PREFIX = env.str("REDIS_PREFIX", default="")
# Where uploads and papers are kept, shared by web and workers.
FILES = Path(env.str("FILES", default=str(STATE / "files")))
# A bucket in S3-compatible storage that takes the place of FILES.
FILES_S3_BUCKET = env.str("FILES_S3_BUCKET", default="")
# The address of that storage, as https://s3.example.org.
FILES_S3_ENDPOINT = env.str("FILES_S3_ENDPOINT", default="")
# The region the bucket is in, where there are regions.
FILES_S3_REGION = env.str("FILES_S3_REGION", default="")
# The key that may read, write, list and delete in the bucket.
FILES_S3_ACCESS_KEY = env.str("FILES_S3_ACCESS_KEY", default="")
# Its secret.
FILES_S3_SECRET_KEY = env.str("FILES_S3_SECRET_KEY", default="")
# A ClamAV that looks through uploads, as unix:/run/clamav/clamd.ctl or tcp:host:3310.
CLAMAV = env.str("CLAMAV", default="")
# Where stylesheets, fonts and scripts are collected for the web server.
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(STATE / "static")))
# How mail is sent, as smtp+tls://user:password@host:587.
EMAIL_URL = env.str("EMAIL_URL", default="")
# The address letters come from.
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Klimaspor <klimaspor@example.org>")
# Sign-in through an organisation's own service: its OpenID Connect discovery address.
OIDC_URL = env.str("OIDC_URL", default="")
# The name of that service on the sign-in page.
OIDC_NAME = env.str("OIDC_NAME", default="Organisationslogin")
# The client we are known as there.
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
# Its secret.
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
# Roles that must sign in in two steps.
TWO_STEP_ROLES = frozenset(
    env.list("TWO_STEP_ROLES", default=["secretariat", "administrator"] if PRODUCTION else [])
)
# Idle minutes that sign staff out; 0: none.
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=480)
# Where whoever finds a hole writes, as mailto: or https: (security.txt).
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="mailto:klimaalliancen@kl.dk")
# The statement on was.digst.dk that /was leads to.
ACCESSIBILITY_STATEMENT_URL = env.str("ACCESSIBILITY_STATEMENT_URL", default="")
# How much is logged: DEBUG, INFO, WARNING or ERROR.
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")

if ACCESSIBILITY_STATEMENT_URL and not re.fullmatch(
    r"https://(www\.)?was\.digst\.dk/[\w-]+/?", ACCESSIBILITY_STATEMENT_URL
):
    raise ImproperlyConfigured(
        "ACCESSIBILITY_STATEMENT_URL skal være erklæringens adresse, fx https://www.was.digst.dk/klimaspor-dk."
    )
if CLAMAV and not re.fullmatch(r"unix:/.+|tcp:(//)?[^/]+:\d+", CLAMAV):
    raise ImproperlyConfigured("CLAMAV skal være unix:/sti/til/clamd.ctl eller tcp:vært:3310.")
if TWO_STEP_ROLES - {"secretariat", "administrator", "committee", "dgo_adviser", "funder"}:
    raise ImproperlyConfigured(
        "TWO_STEP_ROLES må kun nævne secretariat, administrator, committee, dgo_adviser og funder."
    )
if FILES_S3_BUCKET and bool(FILES_S3_ACCESS_KEY) != bool(FILES_S3_SECRET_KEY):
    raise ImproperlyConfigured(
        "Sæt både FILES_S3_ACCESS_KEY og FILES_S3_SECRET_KEY, eller ingen af dem."
    )
if not PROGRAMS or not set(PROGRAMS) <= {"web", "worker", "beat"}:
    raise ImproperlyConfigured("PROGRAMS skal være et eller flere af web, worker og beat.")
if PRODUCTION:
    # Fewer signs than so are one that was held down, or a word that was repeated.
    _fewest_signs = 10
    _refusals = {
        "DEBUG må ikke være slået til.": DEBUG,
        "DEMO må ikke være slået til.": DEMO,
        "Sæt SECRET_KEY til mindst 50 tilfældige tegn.": "SECRET_KEY" not in env.ENVIRON
        or len(SECRET_KEY) < 50
        or SECRET_KEY == DEFAULT_SECRET_KEY
        or len(set(SECRET_KEY)) < _fewest_signs,
        "SECRET_KEY_FALLBACKS må kun rumme tilfældige nøgler.": any(
            len(set(key)) < _fewest_signs for key in SECRET_KEY_FALLBACKS
        ),
        "Sæt ALLOWED_HOSTS til portalens værtsnavne, uden *.": not ALLOWED_HOSTS
        or "*" in ALLOWED_HOSTS,
        "Sæt BASE_URL til portalens adresse, der begynder med https://.": not BASE_URL.startswith(
            "https://"
        ),
        # A console, a folder or nowhere: letters would be said to be sent.
        "Sæt EMAIL_URL til en mailserver, fx smtp+tls://…, ellers får ingen deres breve.": not (
            re.fullmatch(r"smtp(s|\+tls|\+ssl)?", urlsplit(EMAIL_URL).scheme)
            and urlsplit(EMAIL_URL).hostname
        ),
        "Sæt SECURITY_CONTACT til en adresse, der begynder med mailto: eller https://.": not re.fullmatch(
            r"(mailto:|https://)\S+", SECURITY_CONTACT
        ),
    }
    if any(_refusals.values()):
        raise ImproperlyConfigured(" ".join(text for text, holds in _refusals.items() if holds))


# Django

INSTALLED_APPS = [
    "klimaspor",
    "klimaspor.accounts",
    "klimaspor.mail",
    "klimaspor.dkfds",
    "proposals",
    "review",
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
    "allauth.mfa",
    # Also without OIDC_URL, so that setting it asks for no migration.
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "crispy_forms",
    "django_filters",
    "django_htmx",
    "rules.apps.AutodiscoverRulesConfig",
]
MIDDLEWARE = [
    "klimaspor.middleware.received",
    "klimaspor.middleware.logged",
    "klimaspor.middleware.asked_by_nobody",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "klimaspor.middleware.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "klimaspor.accounts.middleware.clocked",
    "klimaspor.accounts.middleware.idle_signed_out",
    "klimaspor.middleware.private",
    "klimaspor.middleware.readable",
    "klimaspor.middleware.unsent_kept",
    "klimaspor.middleware.own_pages",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "klimaspor.accounts.middleware.two_steps",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "klimaspor.urls"
WSGI_APPLICATION = "klimaspor.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
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
                "klimaspor.accounts.context.identity",
                "review.front.context.navigation",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ("dkfds",)
CRISPY_TEMPLATE_PACK = "dkfds"
CRISPY_FAIL_SILENTLY = False

LANGUAGE_CODE = "da"
LANGUAGES = [("da", "Dansk")]
# For the Danish texts of Django and allauth; our own need no translation.
USE_I18N = True
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True


# Storage

_database = env.db_url_config(DATABASE_URL) if DATABASE_URL else embedded.database(STATE)
_options = _database.get("OPTIONS", {})
DATABASES = {
    "default": {
        **_database,
        "OPTIONS": {
            # A question that is prepared (`klimaspor.prepared`) is so from the first time.
            "prepare_threshold": 0,
            # Whoever waits for one that is away is told so.
            "connect_timeout": 5,
            **_options,
            # PostgreSQL would compile our longest questions anew each time, which takes longer than they do. What was
            # asked with stays out of its log; the rest of that only a superuser may set (`embedded.SILENT`).
            "options": (
                f"-c jit=off -c log_parameter_max_length_on_error=0 {_options.get('options', '')}"
            ).strip(),
        },
        "CONN_MAX_AGE": DATABASE_KEEP_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        # Nothing here reads more rows than fit, and each choice list would cost three round trips instead of one.
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "TEST": {"NAME": TEST_DB},
    }
}
if not DATABASES["default"]["ENGINE"].endswith("postgresql"):
    raise ImproperlyConfigured("DATABASE_URL skal pege på PostgreSQL: postgres://…")
CACHES = {
    "default": {
        "BACKEND": "klimaspor.valkey.Cache",
        "LOCATION": urlsplit(REDIS_URL)._replace(path="/1").geturl()
        if REDIS_URL
        else embedded.cache_url(STATE),
        "KEY_PREFIX": REDIS_PREFIX,
        "OPTIONS": valkey.CACHE_OPTIONS,
    }
}
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "klimaspor.files.Files",
        # No base_url: a file leaves only through a view that asks who is reading.
        "OPTIONS": {
            "location": FILES,
            "file_permissions_mode": 0o640,
            "directory_permissions_mode": 0o750,
        },
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
if FILES_S3_BUCKET:
    # django-storages is kept by its community; boto3 alone would need a storage class of our own.
    from botocore.config import Config

    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": FILES_S3_BUCKET,
            "endpoint_url": FILES_S3_ENDPOINT or None,
            "region_name": FILES_S3_REGION or None,
            "access_key": FILES_S3_ACCESS_KEY or None,
            "secret_key": FILES_S3_SECRET_KEY or None,
            # A name that is taken keeps what it has.
            "file_overwrite": False,
            "client_config": Config(
                signature_version="s3v4",
                connect_timeout=3,
                read_timeout=30,
                retries={"mode": "standard", "total_max_attempts": 2},
                # Storages that are not Amazon's know neither buckets as host names nor the newer checksums.
                s3={"addressing_style": "path" if FILES_S3_ENDPOINT else "auto"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        },
    }
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static" / "build"]
# An economy of 100 lines in each table, which have six fields each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024


# People

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
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
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}  # type: ignore[assignment]  # the list's other rows hold only text
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# In the same browser the sign-up goes on where it began, e.g. at an invitation.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
# One address a person: a new one takes over when it is confirmed.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_ADAPTER = "klimaspor.accounts.entrance.Adapter"
ACCOUNT_FORMS = {
    "add_email": "klimaspor.accounts.entrance.AddEmailForm",
    "change_password": "klimaspor.accounts.entrance.ChangePasswordForm",
    "login": "klimaspor.accounts.entrance.LoginForm",
    "reauthenticate": "klimaspor.accounts.entrance.ReauthenticateForm",
    "reset_password": "klimaspor.accounts.entrance.ResetPasswordForm",
    "reset_password_from_key": "klimaspor.accounts.entrance.ResetPasswordKeyForm",
    "set_password": "klimaspor.accounts.entrance.SetPasswordForm",
    "signup": "klimaspor.accounts.entrance.SignupForm",
}
MFA_ADAPTER = "klimaspor.accounts.entrance.MfaAdapter"
MFA_FORMS = {
    "activate_totp": "klimaspor.accounts.entrance.ActivateAppForm",
    "authenticate": "klimaspor.accounts.entrance.CodeForm",
    "reauthenticate": "klimaspor.accounts.entrance.CodeAgainForm",
}
# What one address may do is what an office behind one may: guesses are counted for each account apart, see
# `klimaspor.accounts.attempts`.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "5/5m/key",
    "login_failed_anywhere": "100/h/key,500/h/ip",
    "signup": "60/m/ip",
    "reset_password": "60/m/ip,5/m/key",
    "reset_password_from_key": "60/m/ip",
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(BASE_URL).scheme
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = None
PASSWORD_RESET_TIMEOUT = 60 * 60
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Klimaspor"
# What is kept on a machine is no longer something one has.
MFA_RECOVERY_CODES_SHOW_ONCE = True
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
SOCIALACCOUNT_ADAPTER = "klimaspor.accounts.organization.Adapter"
SOCIALACCOUNT_FORMS = {
    "disconnect": "klimaspor.accounts.organization.DisconnectForm",
    "signup": "klimaspor.accounts.organization.SignupForm",
}
# Whoever runs the portal has chosen the service: an address that it has proved is proved.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
if OIDC_URL:
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "organisation",
                    "name": OIDC_NAME,
                    "client_id": OIDC_CLIENT_ID,
                    "secret": OIDC_CLIENT_SECRET,
                    "settings": {"server_url": OIDC_URL},
                }
            ],
        }
    }


# Safety

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else f"session-{PORT}"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else f"csrf-{PORT}"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "klimaspor.views.csrf_failure"
SECURE_SSL_REDIRECT = PRODUCTION
# The health page is asked by machines on the inside, over plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^sundhed/$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Nothing inline and nothing from elsewhere; the design system draws its icons as data: images.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


# Mail

# Everything Django and allauth send becomes a row in the outbox; the sweep sends it on through the transport.
EMAIL_BACKEND = "klimaspor.mail.backend.OutboxBackend"
SERVER_EMAIL = DEFAULT_FROM_EMAIL
_email = env.email_url_config(EMAIL_URL or "dummymail://")
MAIL_TRANSPORT = {"backend": _email["EMAIL_BACKEND"]}
if "smtp" in MAIL_TRANSPORT["backend"]:
    MAIL_TRANSPORT |= {
        "host": _email["EMAIL_HOST"],
        "port": _email["EMAIL_PORT"],
        "username": _email["EMAIL_HOST_USER"],
        "password": _email["EMAIL_HOST_PASSWORD"],
        "use_tls": _email.get("EMAIL_USE_TLS", False),
        "use_ssl": _email.get("EMAIL_USE_SSL", False),
        "timeout": 20,
    }
elif "filebased" in MAIL_TRANSPORT["backend"]:
    MAIL_TRANSPORT |= {"file_path": _email["EMAIL_FILE_PATH"]}


# Celery

CELERY_BROKER_URL = REDIS_URL or embedded.broker_url(STATE)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# The worker waits for its server as long as it takes.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = (
    {"global_keyprefix": f"{REDIS_PREFIX}:"} if REDIS_PREFIX else {}
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
# People's times are Danish; the clock that comes by knows no summer time.
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
# In memory: the schedule never changes, so there is no file to lose.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
# What comes by, and the seconds between two visits.
SWEEPS = {
    "mail.tasks.deliver": 30,
    "proposals.tasks.build_papers": 30,
    "review.tasks.build_papers": 30,
    "proposals.tasks.remind": 600,
    "proposals.tasks.scan_attachments": 60,
    "proposals.tasks.remove_orphans": 3600,
    "review.tasks.remind": 600,
    "klimaspor.tasks.forget_presses": 3600,
}
CELERY_BEAT_SCHEDULE = {
    f"klimaspor.sweeps.{name}": {
        "task": name,
        "schedule": seconds,
        # Once at once, so that a clock that is started often forgets none and a new portal is soon known to be well.
        "last_run_at": datetime(1970, 1, 1, tzinfo=UTC),
        # A visit that was only asked for by somebody says nothing of whether the clock goes.
        "kwargs": {"by_clock": True},
        # When the workers are away, visits do not queue up.
        "options": {"expires": seconds},
    }
    for name, seconds in SWEEPS.items()
}


# The log

_before: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_before,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
_rendered: list[Any] = (
    [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    if PRODUCTION
    else [structlog.dev.ConsoleRenderer(colors=False)]
)
# What Python warns of would otherwise be lines of another kind.
logging.captureWarnings(PRODUCTION)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": "structlog.stdlib.ProcessorFormatter",
            "foreign_pre_chain": _before,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendered,
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        # Set up by gunicorn, which would write lines of its own making beside.
        "gunicorn.error": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        # Each request has its own line from klimaspor.middleware.
        "django.request": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}
