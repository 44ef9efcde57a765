from __future__ import annotations

import pytest

from connectors.linkedin import urns


def test_a_posting_and_its_public_page_name_each_other() -> None:
    assert urns.posting_url("urn:li:jobPosting:4000000001") == "https://www.linkedin.com/jobs/view/4000000001"
    for url in (
        "https://www.linkedin.com/jobs/view/4000000001",
        "https://www.linkedin.com/jobs/view/4000000001/?trk=x",
        "https://at.linkedin.com/jobs/view/koch-at-example-4000000001",
    ):
        assert urns.posting_urn(url) == "urn:li:jobPosting:4000000001"


@pytest.mark.parametrize("urn", ["", "urn:li:job:1", "urn:li:jobPosting:", "urn:li:jobPosting:1/../x", "4000000001"])
def test_no_page_is_made_of_anything_else(urn: str) -> None:
    assert urns.posting_url(urn) == ""


def test_a_page_without_a_number_names_no_posting() -> None:
    assert urns.posting_urn("https://www.linkedin.com/jobs/search") == urns.posting_urn("") == ""


def test_kinds_of_urns_are_told_apart() -> None:
    assert urns.is_organization("urn:li:organization:77")
    assert not urns.is_organization("urn:li:contract:77")
    assert not urns.is_organization("urn:li:organization:")
    assert not urns.is_organization("urn:li:organization:77 ")
    assert urns.is_contract("urn:li:contract:55501")
    assert not urns.is_contract("55501")
    assert urns.is_industry("urn:li:industry:55")
    assert not urns.is_industry("urn:li:industry:x")
    assert urns.is_person("urn:li:person:Ab-1_2")
    assert not urns.is_person("urn:li:person:")
    assert not urns.is_person("urn:li:organization:77")
