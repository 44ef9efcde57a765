"""The door for a WSGI server; gunicorn in the Procfile."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talentsync.settings")

application = get_wsgi_application()

from talentsync.core import starting  # noqa: E402  (models can be imported only now)
from talentsync.monitoring import watching  # noqa: E402

starting.refuse_to_start()
watching.begin()
