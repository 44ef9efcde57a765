"""The door for an ASGI server; nothing here needs one. Unlike `wsgi` it refuses neither wrong keys nor settings, and
keeps no watch: an ASGI server imports it where the database may not be asked. Workers and beat do all of that.
"""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talentsync.settings")

application = get_asgi_application()
