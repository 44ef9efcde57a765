"""The door for an ASGI server; nothing here needs one."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talentsync.settings")

application = get_asgi_application()
