"""Settings of every process; what differs between them comes from the environment (config/environment.py)."""

import os
from pathlib import Path
from typing import Any

import pghistory
from django.utils.translation import gettext_lazy as _

from config.environment import broker, database, flag, mail, secret

ROOT = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"

PROCESS = os.environ.get("POLISDESK_PROCESS", "manage")  # office, public, operator, worker, manage
DEMO = flag("POLISDESK_DEMO")
DEBUG = False
SECRET_KEY = secret("SECRET_KEY") or (
    "not-a-secret-and-only-for-commands-without-a-server" if PROCESS == "manage" else ""
)

# What only our own processes can prove to the database (companies/signing.py): who logged in; any company, for workers.
PROOF_KEYS = {name: secret(f"{name.upper()}_KEY") for name in ("entrance", "service")}

# What locks the secrets of second factors; without one of its own the key comes from SECRET_KEY.
FACTOR_KEY = secret("FACTOR_KEY")
FACTOR_DOMAIN = os.environ.get("POLISDESK_FACTOR_DOMAIN", "")  # above the hosts of all doors: a key works at each
FACTOR_WAIT = int(os.environ.get("POLISDESK_FACTOR_WAIT", str(72 * 3600)))  # seconds before a lost factor is replaced

OFFICE_URL = os.environ.get("POLISDESK_OFFICE_URL", "http://localhost:8000")
PUBLIC_URL = os.environ.get("POLISDESK_PUBLIC_URL", "http://localhost:8001")
OPERATOR_URL = os.environ.get("POLISDESK_OPERATOR_URL", "http://localhost:8002")
SECURE = OFFICE_URL.startswith("https://")
TRUSTED_PROXIES = int(os.environ.get("POLISDESK_PROXIES", "0"))  # how many proxies of ours write X-Forwarded-For
ALLOWED_HOSTS = os.environ.get("POLISDESK_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [url for url in (OFFICE_URL, PUBLIC_URL, OPERATOR_URL) if url.startswith("https://")]

ROOMS = [
    "portal", "policies", "quotations", "acceptance", "applications", "ledger", "products",
    "correspondence", "documents", "relations", "companies", "common",
]  # fmt: skip
INSTALLED_APPS = [
    *[room for room in ROOMS if (ROOT / room / "apps.py").exists()],
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "guardian",
    "pgtrigger",
    "pghistory",
    "django_otp",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "companies.middleware.Headers",
    "companies.security_log.SecurityLog",
    "companies.middleware.OneAlphabet",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "companies.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "companies.operator.middleware.OperatorWall" if PROCESS == "operator" else "companies.middleware.Wall",
]
ROOT_URLCONF = f"config.urls.{PROCESS}" if PROCESS in {"office", "public", "operator"} else "config.urls.everything"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "companies.context.shell",
            ],
        },
    }
]

DATABASES = {"default": database(secret("DATABASE_URL", "postgresql://bo_app@/polisdesk"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = secret("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
CELERY: dict[str, Any] = {
    "broker_url": broker(REDIS_URL),
    "task_serializer": "json",
    "accept_content": ["json"],
    "task_ignore_result": True,
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "worker_max_memory_per_child": 500_000,  # kilobytes; a fresh process holds a third
    "broker_connection_retry_on_startup": True,
    "broker_transport_options": {"queue_order_strategy": "priority", "visibility_timeout": 300},
    "task_default_queue": "single",
    "task_publish_retry_policy": {"max_retries": 0},
    "timezone": "UTC",
    "beat_schedule": {
        "sweep": {"task": "companies.tasks.sweep", "schedule": 5.0, "options": {"queue": "sweep", "expires": 5}}
    },
}

AUTH_USER_MODEL = "companies.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {},
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
    }.items()
]
ANONYMOUS_USER_NAME = None  # guardian: no shared account stands for everybody
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "companies.accounts.Adapter"
# Django's own: it writes nothing while it makes a key, and a login or a new password voids it.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_FORMS = {
    "reset_password": "companies.people.reset.ResetForm",
    "reset_password_from_key": "companies.people.passwords.NewPasswordForm",
    "change_password": "companies.people.passwords.OtherPasswordForm",
}
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses come from invitations, which prove them
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_TOTP_ISSUER = "Polisdesk"
MFA_TOTP_TOLERANCE = 0
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "companies.factors.secrets.FactorAdapter"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "companies.factors.forms.LoginCodeForm",
    "authenticate_webauthn": "companies.factors.forms.LoginKeyForm",
    "reauthenticate": "companies.factors.forms.FreshCodeForm",
    "activate_totp": "companies.factors.forms.SetUpForm",
    "add_webauthn": "companies.factors.forms.AddKeyForm",
    "reauthenticate_webauthn": "companies.factors.forms.FreshKeyForm",
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

SESSION_ENGINE = "companies.operator.sessions" if PROCESS == "operator" else "companies.sessions"
# Before a form's CSRF token is read, no form has sent more than ours may.
FILE_UPLOAD_HANDLERS = [
    "applications.quota.Quota",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# On one host the operator's cookie stands beside the office's, whose session it doesn't know.
SESSION_COOKIE_NAME = ("__Host-" if SECURE else "") + ("operator" if PROCESS == "operator" else "session")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE = 30 * 60  # seconds without a page after which one logs in anew
INVITATION_DAYS = 7
FRESH_FACTOR = 5 * 60  # seconds for which a proved second factor lets rights be raised
UNUSED_DAYS = 90  # after which a protocol of which no right was used is proposed for removal
REVIEW_DAYS = 182  # after which an administrator confirms anew what an employee holds
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failure"
MESSAGE_STORAGE = (
    "django.contrib.messages.storage.session.SessionStorage"  # a cookie would outlive a rolled-back request
)
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

PGHISTORY_BASE_MODEL = "companies.history.Event"
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_APPEND_ONLY = True

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("nl", _("Dutch")), ("de", _("German"))]
LOCALE_PATHS = [ROOT / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = os.environ.get(
    "POLISDESK_STATIC"
)  # an image collects its files once; elsewhere they are found where they lie
WHITENOISE_USE_FINDERS = True
UNSENT_DAYS = int(os.environ.get("POLISDESK_UNSENT_DAYS", "90"))  # kept of what a login fills in and nobody sends
FILES_ROOT = Path(os.environ.get("POLISDESK_FILES", ROOT / "var" / "files"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FILES_ROOT}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 10
globals().update(mail(secret("SMTP_URL", "smtp://127.0.0.1:25")))
DEFAULT_FROM_EMAIL = os.environ.get("POLISDESK_MAIL_FROM", "polisdesk@localhost")
MAILBOX = Path(os.environ["POLISDESK_MAILBOX"]) if DEMO and "POLISDESK_MAILBOX" in os.environ else None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"cut": {"()": "companies.logs.CutSecrets"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["cut"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"polisdesk": {"level": "INFO"}, "weasyprint": {"level": "WARNING"}},  # else eight lines a document
}
