"""`make run` and `manage.py` on one's own machine: embedded servers unless the environment names others."""

import logging.config

from config import env
from config.settings.base import *  # noqa: F403
from config.settings.base import LOGGING

SECRET_KEY = env.secret_key(strict=False)
DEBUG = env.flag("DEBUG", False)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *env.words("ALLOWED_HOSTS")]
env.host()
env.port()

if DEBUG:
    STORAGES = {  # runserver finds static files where they lie, without a manifest
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }

logging.config.dictConfig(LOGGING)
