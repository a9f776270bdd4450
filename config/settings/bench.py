"""The bench: as on one's own machine, plus the floors and a count of SQL statements. Never in production."""

from config import env, limits
from config.settings.local import *  # noqa: F403
from config.settings.local import MIDDLEWARE, TEMPLATES

if not env.flag("PORTAL_BENCH"):
    env.stop("config.settings.bench belongs to make bench: it has views without permissions.")
if not env.is_loopback(env.text("HOST", "127.0.0.1")):
    env.stop("The bench starts on a loopback address only.")

ROOT_URLCONF = "bench.urls"
MIDDLEWARE = ["bench.middleware.SqlCountMiddleware", *MIDDLEWARE]
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], env.BASE_DIR / "bench" / "templates"]
limits.EXPORT_SECONDS = 0  # the same file is fetched again and again
