"""The application that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

if os.environ.get("PORTAL_SUPERVISED") == "1":
    import signal

    from config.embedded.process import set_parent_death_signal

    set_parent_death_signal(signal.SIGKILL)  # a worker does not outlive its server

application = get_wsgi_application()

# What was loaded so far lives as long as the process: the collector need not look at it again.
gc.collect()
gc.freeze()
