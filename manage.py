#!/usr/bin/env python
"""Django's command line for klimaspor."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klimaspor.settings")
    # After the setting above, which Django reads as soon as it is imported.
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
