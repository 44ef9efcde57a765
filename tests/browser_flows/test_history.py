"""A customer's whole history from the button to the last table, in a real browser before a live server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from talentsync.sync import runs
from talentsync.sync.models import Run
from tests.browser_flows import histories
from tests.browser_flows.visiting import Visit
from tests.browser_flows.world import World, customer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_all_history_is_asked_for_paused_and_compared_in_the_end(
    world: World, enter: Callable[..., Visit], settings: Any
) -> None:
    settings.HISTORY_WINDOW = 5
    histories.bring_more(number=4)
    visit = enter("recruiter")
    visit.open("customers_customer_change", customer().pk)

    visit.press("Send all history…")
    visit.heading("Send all history of Parcel & Post to LinkedIn?")
    visit.reads("In this order", "2 jobs that are closed in your ATS: made known to LinkedIn as closed.")
    visit.press("Send all history")
    visit.reads("It is about to start.")

    run = Run.objects.latest("pk")
    runs.carry_on(run, until=timezone.now() + timedelta(minutes=1))
    visit.press("Pause")
    visit.reads("Paused. What was asked for before still goes.")
    world.work()
    visit.reads("wait until it goes on.")
    visit.press("Go on")
    visit.reads("It goes on.")

    histories.end(world)
    visit.reads("Here and at LinkedIn", "The candidate is marked to be kept out of LinkedIn.", "Finished")
    assert Run.objects.get(pk=run.pk).state == Run.State.DONE
