"""The application that granian serves."""

import gc
import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

if os.environ.get("PORTAL_SUPERVISED") == "1":
    from multiprocessing import parent_process

    from config.embedded.process import die_with

    server = parent_process()
    die_with(server.pid if server else None)  # a worker does not outlive its server

application = get_wsgi_application()

if os.environ.get("PORTAL_ROLE") == "web":
    from measures.selectors.warm import warm

    threading.Thread(target=warm, name="warm", daemon=True).start()  # readiness does not wait for it

# What was loaded so far lives as long as the process: the collector need not look at it again.
gc.collect()
gc.freeze()
