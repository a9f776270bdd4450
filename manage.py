#!/usr/bin/env python
"""Django's commands. Speaks to the embedded servers of a running portal, or starts them for its own duration."""

import os
import sys

#: Commands that change the shape of the database run as its owner.
OWNER_COMMANDS = {"migrate", "pgtrigger", "flush", "sqlflush", "restore", "backup", "dbshell"}
#: Commands that need no server.
SERVERLESS_COMMANDS = {
    "help",
    "--help",
    "--version",
    "version",
    "collectstatic",
    "messages",
    "findstatic",
    "diffsettings",
}


def main() -> None:
    """Exit code 2 and one sentence for a bad environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command in OWNER_COMMANDS:
        os.environ["PORTAL_AS_OWNER"] = "1"

    from config import embedded, env

    local = os.environ["DJANGO_SETTINGS_MODULE"] != "config.settings.production"
    if local and command not in SERVERLESS_COMMANDS and "--help" not in sys.argv and embedded.wanted():
        try:
            claim = embedded.use(env.data_dir())  # noqa: F841  held until the process ends
        except (embedded.EmbeddedError, OSError) as error:
            env.stop(str(error))

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
