"""The bench's views have no permissions, so no other settings may know them."""

import os
import subprocess
import sys

import pytest
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from config import env


def test_the_portal_has_no_address_of_the_bench():
    with pytest.raises(Resolver404):
        resolve("/bench/forget/")
    with pytest.raises(NoReverseMatch):
        reverse("bench:forget")


@pytest.mark.parametrize("name", ["base", "local", "production", "test"])
def test_other_settings_do_not_name_the_bench(name):
    text = (env.BASE_DIR / "config" / "settings" / f"{name}.py").read_text()

    assert "bench" not in text.lower()


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"PORTAL_BENCH": ""}, "belongs to make bench"),
        ({"PORTAL_BENCH": "1", "HOST": "0.0.0.0"}, "loopback address only"),
    ],
)
def test_the_settings_refuse_to_start_elsewhere(environment, words):
    done = subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; settings.DEBUG"],
        cwd=env.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.bench"} | environment,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 2
    assert words in done.stderr
