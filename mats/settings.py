"""Settings, read from the environment (`.env.example` explains each one).

`MATS_ENV` is production unless it says demo or test. Production starts only with every secret
given; what makes a demo convenient is switched by `DEMO` alone and cannot be switched there.
"""

import base64
import os
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from tempfile import gettempdir
from urllib.parse import urlsplit

import environ
from csp.constants import SELF
from django.core.exceptions import ImproperlyConfigured

from mats import addresses
from mats.secret_files import with_files

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.ENVIRON = with_files(os.environ)

MATS_ENV = env("MATS_ENV", default="production")
if MATS_ENV not in {"production", "demo", "test"}:
    raise ImproperlyConfigured("MATS_ENV is one of production, demo, test.")
PRODUCTION = MATS_ENV == "production"
DEMO = MATS_ENV == "demo"
TEST = MATS_ENV == "test"

DEBUG = False
SECRET_KEY = env("SECRET_KEY") if not TEST else env("SECRET_KEY", default="for-tests-only")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# Absolute links come from here, never from a Host header.
PUBLIC_ORIGIN = env("PUBLIC_ORIGIN", default="" if PRODUCTION else "http://127.0.0.1:8000").rstrip("/")
if PRODUCTION and urlsplit(PUBLIC_ORIGIN).scheme != "https":
    raise ImproperlyConfigured("PUBLIC_ORIGIN is the https address people open, for example https://cohort.example.org")
LOCAL_HOSTS = [] if PRODUCTION else ["127.0.0.1", "localhost", "testserver"]
ALLOWED_HOSTS = [urlsplit(PUBLIC_ORIGIN).hostname or "", *LOCAL_HOSTS]
CSRF_TRUSTED_ORIGINS = [PUBLIC_ORIGIN]

# How many proxies of ours stand in front; only what they wrote into X-Forwarded-For is believed.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

INSTALLED_APPS = [
    # Ours come first: our templates and our `migrate` win over those of the packages below.
    "mats.identity",
    "mats.history",
    "mats.post",
    "mats.forms",
    "cohorts",
    "mentorship",
    "coaching",
    "mats.pages",
    # Simple: what packages would register in the admin stays out; `mats.pages.admin` names what is in.
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    # Installed everywhere, so that tables are the same everywhere; who may be used is a setting below.
    "allauth.socialaccount",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.github",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django_include_bootstrap",
    "template_partials",
    "csp",
    "pgtrigger",
    "pghistory",
]
if TEST and find_spec("django_linear_migrations"):
    INSTALLED_APPS += ["django_linear_migrations"]

MIDDLEWARE = [
    "mats.identity.headers.HeadersMiddleware",
    "mats.identity.encoding.Utf8Middleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mats.identity.middleware.IdentityMiddleware",
    "mats.identity.middleware.SignInRequiredMiddleware",
    "cohorts.second_factor.SecondFactorMiddleware",
    "coaching.refusals.RefusalMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "mats.forms.middleware.KeptFormMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "mats.urls"
WSGI_APPLICATION = "mats.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["template_partials.templatetags.partials", "mats.pages.templatetags.mats"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mats.pages.context.frame",
            ],
        },
    },
]

# --- Database: one PostgreSQL, two roles, two connections -------------------------------------
DATABASE_URL = env("DATABASE_URL")
DATABASE_OWNER_URL = env("DATABASE_OWNER_URL", default="")

DATABASES = {
    # The app's role: owns nothing, obeys row-level security.
    "default": {
        **addresses.database(DATABASE_URL),
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    },
}
# A second connection that survives the rollback of a request: rate limits, used codes, refusals.
DATABASES["outside"] = {
    **DATABASES["default"],
    "ATOMIC_REQUESTS": False,
    "OPTIONS": {"options": "-c lock_timeout=2000"},
}
DATABASE_ROUTERS = ["mats.identity.routers.OutsideRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="unix:///nowhere/valkey.sock" if TEST else environ.Env.NOTSET)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "durable_cache",
        # What is over goes first when it is full. With Django's 300 a few hundred addresses tried at
        # sign-in would push out the codes that were used.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    "pages": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    },
}

# --- Celery -----------------------------------------------------------------------------------
CELERY_BROKER_URL = addresses.broker(REDIS_URL)
CELERY_TIMEZONE = "UTC"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 0}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # A worker waits for its broker however long that takes.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 0.5,
    "socket_connect_timeout": 0.5,
    "max_retries": 0,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- People and sign-in -----------------------------------------------------------------------
AUTH_USER_MODEL = "cohorts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "mats.identity.passwords.LengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "cohorts.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# How long a sign-in or its confirmation counts as fresh, in seconds.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# Counted in the durable cache, by the address behind our proxies, by person or by what was asked about.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "10/m/ip,5/5m/key",  # also codes of authenticators and recovery codes, by person
    "request_login_code": "20/m/ip,3/m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "own_code": "5/10m/user",
    "own_code_tried": "3/10m/key",
    "join": "120/m/ip",
}
CONFIRM_VIEW = "mats.pages.errors.confirm_first"

# --- Second factor: of staff and coaches required, of everybody else welcome ---------------------
MFA_ADAPTER = "cohorts.authenticators.AuthenticatorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "MATS Cohort"
MFA_PASSKEY_LOGIN_ENABLED = True
# Passkeys work at https addresses and at http://localhost, in browsers as here; not at a bare 127.0.0.1.
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_FORMS = {
    "activate_totp": "cohorts.forms.sign_in.ActivateForm",
    "authenticate": "cohorts.forms.sign_in.FactorForm",
    "reauthenticate": "cohorts.forms.sign_in.ConfirmFactorForm",
    "add_webauthn": "cohorts.forms.sign_in.AddPasskeyForm",
    "edit_webauthn": "cohorts.forms.sign_in.RenamePasskeyForm",
    "authenticate_webauthn": "cohorts.forms.sign_in.PasskeyForm",
    "login_webauthn": "cohorts.forms.sign_in.SignInPasskeyForm",
    "reauthenticate_webauthn": "cohorts.forms.sign_in.ConfirmPasskeyForm",
}
SECOND_FACTOR_VIEW = "mats.pages.errors.second_factor_first"

# --- Google and GitHub: a further way in for people who have an account here ---------------------
_ASKED_FOR = {"google": ["email"], "github": ["user:email"]}
_HOSTS = {"google": "accounts.google.com", "github": "github.com"}
_APPS = {
    name: [{"client_id": env(f"{name.upper()}_CLIENT_ID"), "secret": env(f"{name.upper()}_CLIENT_SECRET")}]
    for name in _ASKED_FOR
    if env(f"{name.upper()}_CLIENT_ID", default="")
}
SOCIALACCOUNT_PROVIDERS = {name: {"APPS": apps, "SCOPE": _ASKED_FOR[name]} for name, apps in _APPS.items()}
SOCIALACCOUNT_ADAPTER = "cohorts.providers.ProviderAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_QUERY_EMAIL = True

# allauth keeps the code it sent in the session, and the session in the database: sealed there too.
SESSION_ENGINE = "mats.identity.sessions"
SESSION_SERIALIZER = "mats.identity.sessions.SealedSerializer"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "session"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrf"
CSRF_FAILURE_VIEW = "mats.pages.errors.csrf_failure"
SESSION_ENDED_VIEW = "mats.pages.errors.session_ended"

# --- Keys for confidential text: "id:base64 of 32 bytes", newest first --------------------------
_TEST_KEY = "test:" + base64.b64encode(bytes(32)).decode()
NOTE_KEYS = env.list("NOTE_KEYS", default=[_TEST_KEY] if TEST else environ.Env.NOTSET)

# --- Mail: every message goes through mats.post, which sends it by this transport --------------
MAIL_FOLDER = env("MATS_MAIL_FOLDER", default="")
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
if PRODUCTION and "EMAIL_URL" not in env.ENVIRON:
    raise ImproperlyConfigured("EMAIL_URL is needed, for example smtp+tls://user:password@mail.example.org:587")
EMAIL_TIMEOUT = 10
vars().update(EMAIL_CONFIG)
if DEMO:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = MAIL_FOLDER or str(BASE_DIR / ".demo" / "mail")
DEFAULT_FROM_EMAIL = env("FROM_EMAIL", default=f"cohort@{urlsplit(PUBLIC_ORIGIN).hostname}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Static files -------------------------------------------------------------------------------
STATIC_URL = "static/"
# Collected for production only; elsewhere files are served from where they lie.
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Headers ------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        # A form that leads to a provider by redirect counts as sent there.
        "form-action": [SELF, *(f"https://{_HOSTS[name]}" for name in _APPS)],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- Forms, files, language ---------------------------------------------------------------------
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
FORM_RENDERER = "mats.forms.renderer.Renderer"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "mats.forms.uploads.CappedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

# --- Erasures: the ledger is a file outside the database, so that a restored backup is erased again ---
ERASURE_LEDGER = env("ERASURE_LEDGER", default="")
if DEMO:
    ERASURE_LEDGER = ERASURE_LEDGER or str(Path(EMAIL_FILE_PATH).parent / "erasures.jsonl")
if TEST:
    ERASURE_LEDGER = ERASURE_LEDGER or str(Path(gettempdir()) / "mats-tests-erasures.jsonl")
if not ERASURE_LEDGER:
    raise ImproperlyConfigured("ERASURE_LEDGER is needed: the path of a file outside the database and its backups.")

# --- History ------------------------------------------------------------------------------------
PGHISTORY_APPEND_ONLY = False  # The app's role has no UPDATE or DELETE on history tables instead.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO" if not TEST else "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}},
}

SILENCED_SYSTEM_CHECKS: list[str] = []
