"""Settings of a server whose uploaded files another process reads, as a worker does."""

import os

from config.settings.test import *  # noqa: F403
from config.settings.test import STORAGES as OF_TESTS


def kept_in(folder: str) -> dict[str, object]:
    """STORAGES with files in the folder."""
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    return OF_TESTS | {"default": files}


STORAGES = kept_in(os.environ["EDITING_FILES"]) if "EDITING_FILES" in os.environ else OF_TESTS
