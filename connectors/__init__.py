"""Clients of the vendors' APIs, and simulators of the vendors: plain Python that knows nothing of Django or Celery."""
