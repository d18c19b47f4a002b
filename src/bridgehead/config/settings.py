"""Django's settings, all of them from the environment (``config.environment``) or fixed here.

Reading them writes nothing: the secret key is made when something first asks for it.
"""

from csp.constants import NONE, SELF
from django.utils.functional import SimpleLazyObject

from bridgehead.config import environment as env
from bridgehead.core.home import where

HOME = where()
SITE = env.site(env.text("SITE_URL"), env.words("PARTNERSHIP_HOSTS"))
SITE_URL = SITE.url
DEBUG = env.flag("BRIDGEHEAD_DEBUG")
SECRET_KEY = SimpleLazyObject(lambda: env.secret_key(HOME))
SECURITY_CONTACT = env.security_contact()
METRICS_TOKEN, METRICS_FROM = env.metrics_token(), env.networks("METRICS_FROM")
AUDIT_KEYS = SimpleLazyObject(lambda: env.audit_keys(HOME))
TRUSTED_PROXIES = env.whole_number("TRUSTED_PROXIES")

INSTALLED_APPS = [
    "bridgehead.desk",
    "bridgehead.records",
    "bridgehead.brokerage",
    "bridgehead.monitoring",
    "bridgehead.people",
    "bridgehead.schools",
    "bridgehead.accounts",
    "bridgehead.web",
    "django_cotton.apps.SimpleAppConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "bridgehead.config.requests.watched",
    "bridgehead.config.headers.guarded",
    "csp.middleware.CSPMiddleware",  # around all that may answer, refusals and redirections too
    "bridgehead.config.hosts.known_host",
    "django.middleware.security.SecurityMiddleware",
    "bridgehead.config.limits.limited",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "bridgehead.people.middleware.ReaderMiddleware",
    "bridgehead.accounts.sign_in.lifetimes.LifetimeMiddleware",
    "bridgehead.accounts.pace.PaceMiddleware",
    "bridgehead.accounts.middleware.DefaultDenyMiddleware",
    "bridgehead.accounts.sign_in.middleware.SecondFactorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "bridgehead.config.urls"
WSGI_APPLICATION = "bridgehead.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": env.database(env.text("DATABASE_URL"), HOME)}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "bridgehead.web.context.site",
                "bridgehead.people.reference.who_sees",
            ],
        },
    }
]

# What the service navigation offers: words, address name, and the permission that it needs.
BRIDGEHEAD_NAVIGATION = [
    ("Home", "desk:home", None),
    ("The area", "desk:area", "SEE_AREA"),
    ("Schools", "desk:schools", "SEE_PUBLISHED"),
    ("Support review", "monitoring:board", "SEE_SUPPORT_REVIEW"),
    ("Support review", "monitoring:own", "SEE_OWN_SCHOOL", "monitoring:board"),
    ("Data", "desk:data", "SEE_DATA"),
    ("Members", "schools:members", "MANAGE_MEMBERS"),
    ("People", "people:list", "MANAGE_PEOPLE"),
    ("Audit", "accounts:audit", "SEE_AUDIT"),
    ("Requests", "records:requests", "ANSWER_REQUESTS"),
]

# Hosts, cookies and transport follow from the site's address.
ALLOWED_HOSTS = SITE.allowed_hosts
CSRF_TRUSTED_ORIGINS = SITE.trusted_origins
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SITE.https
SESSION_COOKIE_NAME = "__Host-session" if SITE.https else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SITE.https else "csrf"
KNOWN_BROWSER_COOKIE_NAME = "__Host-known" if SITE.https else "known"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "bridgehead.accounts.sign_in.sessions"
SESSION_COOKIE_AGE = env.from_to("SESSION_HOURS", 1, 24) * 60 * 60
SESSION_IDLE_MINUTES = env.from_to("SESSION_IDLE_MINUTES", 5, 24 * 60)
REQUESTS_A_MINUTE = env.whole_number("REQUESTS_A_MINUTE")
SECURE_HSTS_SECONDS = 31_536_000 if SITE.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SITE.https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# What may be sent: in bytes, of which Django holds the part of a form that is no file in memory.
LARGEST_REQUEST = 25_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Sign-in.
OIDC_PROVIDERS = env.oidc_providers()
SECOND_FACTOR_REQUIRED = env.second_factor_required(HOME)
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "people:signed-in"
LOGOUT_REDIRECT_URL = "accounts:sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "bridgehead.accounts.passwords.EasyPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
# Person and address together: a stranger elsewhere cannot lock the person out. One at the same
# address cannot either, since browsers that a person is known by count apart (accounts.throttle).
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_USERNAME_CALLABLE = "bridgehead.accounts.throttle.username"
AXES_CLIENT_IP_CALLABLE = "bridgehead.accounts.throttle.address"
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"

# E-mail, for invitations. Where EMAIL_URL is empty nothing is sent, and links are handed over.
MAIL = env.mail(env.text("EMAIL_URL"))
EMAIL_GOES_OUT = MAIL.goes_out
EMAIL_BACKEND = f"django.core.mail.backends.{MAIL.backend}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = MAIL.host, MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.starttls, MAIL.ssl
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

# Until the files have been collected (`bridgehead serve` does it) they are served as they lie.
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
COLLECTED = (STATIC_ROOT / "staticfiles.json").is_file() and not DEBUG
COLLECTED_STORAGE = "whitenoise.storage.CompressedManifestStaticFilesStorage"
WHITENOISE_USE_FINDERS = not COLLECTED
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site reads what is ours
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": COLLECTED_STORAGE
        if COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": env.log_format()},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.log_level()},
    "loggers": {
        "axes": {"level": "WARNING"},
        # Django's own development server prints lines of its own, with whole addresses.
        "django.server": {"handlers": [], "propagate": False},
        "gunicorn.error": {"handlers": ["stderr"], "propagate": False},
    },
}
