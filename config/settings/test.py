"""The test suite: quick hashing, plain static files, times divided by TIME_SCALE (see config/limits.py)."""

import logging.config
import os

os.environ.setdefault("PORTAL_TIME_SCALE", "20")

from config.settings.base import *  # noqa: F403
from config.settings.base import LOGGING, MIDDLEWARE

SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver", "[::1]"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Plain static files come from Django's own finder in live_server; whitenoise would only warn of a missing folder.
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]

logging.config.dictConfig(LOGGING)
