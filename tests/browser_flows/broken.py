"""The project's addresses and one that fails, to see what people see when something of ours goes wrong."""

from __future__ import annotations

from typing import NoReturn

from django.http import HttpRequest
from django.urls import path

from talentsync.urls import urlpatterns as ours


def fail(request: HttpRequest) -> NoReturn:
    raise RuntimeError("as a test wishes")


urlpatterns = [path("broken/", fail), *ours]
