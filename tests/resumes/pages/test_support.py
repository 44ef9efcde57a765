"""Support meets the file by itself, among the statuses at vendors, and tries it again from there."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import Candidate
from talentsync.customers.models import Customer
from talentsync.sync.models import Delivery
from tests.customers.making import make_user
from tests.resumes.pages.posting import text
from tests.resumes.sending.making import how, resume_of
from tests.sync.driving import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam(client: Client, acme: Customer) -> User:
    user = make_user("sam", of=(acme,))
    user.groups.add(Group.objects.get(name="Support"))
    client.force_login(user)
    return user


def test_a_file_that_failed_is_tried_again_from_its_own_page(
    client: Client, sam: User, candidate: Candidate, linkedin: Linkedin
) -> None:
    linkedin.next("status", endpoint="ambry", status=413, message="Too big")
    resume = resume_of(candidate)
    work()
    row = Delivery.objects.get(kind="resume_file")
    assert "The file is too large for LinkedIn" in text(
        client.get(reverse("admin:sync_delivery_change", args=[row.pk]))
    )
    answer = client.post(reverse("admin:sync_delivery_again", args=[row.pk]))
    client.post(answer.url, {"destinations": "linkedin"})
    work()
    assert how(resume) == ["done"] * 4
