"""Production: everything is given by the environment, and the start is refused when something is missing."""

import logging.config

from config import env
from config.settings.base import *  # noqa: F403
from config.settings.base import LOGGING

if env.demo():
    env.stop("PORTAL_DEMO is set, but demo accounts have a known password and have no place in production.")
for _name in ("DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS"):
    if not env.text(_name):
        env.stop(f"{_name} is missing: production uses no embedded servers and no guessed host names.")

SECRET_KEY = env.secret_key(strict=True)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
if "*" in ALLOWED_HOSTS:
    env.stop("ALLOWED_HOSTS is '*', which lets any host name in: list the names the portal is reached by.")
CSRF_TRUSTED_ORIGINS = [f"https://{name.lstrip('.')}" for name in ALLOWED_HOSTS]

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked inside the network, without TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True

# The prefix makes the browser refuse the cookie without TLS, with a domain or with a path of its own.
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_NAME = "__Host-language"
LANGUAGE_COOKIE_SECURE = True
MESSAGE_COOKIE_NAME = "__Host-messages"  # signed; takes Secure and HttpOnly from the session's

TRUSTED_PROXIES = env.count("TRUSTED_PROXIES", 1)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

if not env.text("EMAIL_URL"):
    EMAIL_BACKEND = "core.mail.NoMailBackend"

logging.config.dictConfig(LOGGING)
