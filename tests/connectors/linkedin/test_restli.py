"""The dialect without a network: what is written, and what is read from good and bad answers."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.base.errors import Unanswered
from connectors.linkedin.endpoints import V2
from connectors.linkedin.keys import in_query
from connectors.linkedin.restli import batch_create, batch_get, created_id, created_parts, keyed_parts

NOT_FOUND = {"status": 404, "message": "No such task", "serviceErrorCode": 0}


def test_simple_keys_are_repeated_and_percent_encoded_whole() -> None:
    assert in_query(["N1", "urn:li:x:1"]) == "ids=N1&ids=urn%3Ali%3Ax%3A1"
    assert in_query(["REQ.12/a b&c=d+e%?#ü~"]) == "ids=REQ.12%2Fa%20b%26c%3Dd%2Be%25%3F%23%C3%BC~"


def test_a_batch_read_is_a_get_and_a_batch_create_a_post() -> None:
    read, create = batch_get(V2["jobPostingStatus"], ["a"]), batch_create(V2["simpleJobPostings"], [{"a": 1}])
    assert (read.method, read.endpoint.path, read.query, read.content) == ("GET", "/v2/jobPostingStatus", "ids=a", None)
    assert (create.method, create.rest_method, create.content) == ("POST", "batch_create", {"elements": [{"a": 1}]})


def test_elements_are_read_by_their_index() -> None:
    parts = created_parts({"elements": [{"status": 202, "id": "t1"}, {"status": 422, "error": NOT_FOUND}]}, expected=2)
    assert [(part.status, part.refusal is None) for part in parts] == [(202, True), (422, False)]


@pytest.mark.parametrize(
    "content",
    [
        {"elements": [{"status": 202}]},
        {"elements": [{"status": 202}] * 3},
        {"elements": []},
        {"elements": None},
        {"elements": {"0": {"status": 202}, "1": {"status": 202}}},
        {},
    ],
)
def test_an_answer_with_more_or_fewer_elements_than_were_sent_is_no_answer(content: dict[str, Any]) -> None:
    """Zipped without a look, the wrong job would be taken for posted (exemplars 2)."""
    with pytest.raises(Unanswered):
        created_parts(content, expected=2)


@pytest.mark.parametrize(
    ("element", "status", "words"),
    [
        ({"status": 422, "error": {"status": 422, "message": "No"}}, 422, "No"),
        ({"status": 422, "message": "No"}, 422, "No"),
        ({"status": "422", "error": {"message": "No"}}, 422, "No"),
        ({"error": {"status": 400, "message": "No"}}, 400, "No"),
        ({"status": 202, "error": {"status": 400, "message": "No"}}, 400, "No"),
        ({"status": 500, "error": "No"}, 500, "No"),
        ({"error": None}, None, ""),
    ],
)
def test_a_refused_element_is_read_in_any_shape(element: dict[str, Any], status: int | None, words: str) -> None:
    (part,) = created_parts({"elements": [element]}, expected=1)
    assert part.refusal is not None
    assert (part.refusal.status, part.refusal.words) == (status, words)


@pytest.mark.parametrize("element", [None, "x", 5, [], {}, {"status": None}, {"status": "soon"}, {"status": True}])
def test_an_element_of_no_known_shape_is_neither_a_success_nor_a_refusal(element: object) -> None:
    (part,) = created_parts({"elements": [element]}, expected=1)
    assert (part.status, part.refusal) == (None, None)


def test_results_and_errors_are_both_read() -> None:
    parts = keyed_parts({"results": {"a": {"x": 1}}, "errors": {"b": NOT_FOUND}, "statuses": {}}, keys=["a", "b", "c"])
    assert parts.keys() == {"a", "b"}
    assert parts["a"].content == {"x": 1}
    assert parts["b"].refusal is not None
    assert (parts["b"].refusal.status, parts["b"].refusal.code) == (404, "0")


def test_a_key_in_results_and_in_errors_counts_as_not_answered() -> None:
    assert keyed_parts({"results": {"a": {"x": 1}}, "errors": {"a": NOT_FOUND}}, keys=["a"]) == {}


def test_a_key_nobody_asked_for_is_left_out() -> None:
    assert keyed_parts({"results": {"z": {}}, "errors": {"y": NOT_FOUND}}, keys=["a"]) == {}


def test_the_status_of_an_error_may_stand_in_statuses() -> None:
    parts = keyed_parts({"results": {}, "errors": {"a": {"message": "No"}}, "statuses": {"a": 404}}, keys=["a"])
    assert parts["a"].refusal is not None
    assert parts["a"].refusal.status == 404


@pytest.mark.parametrize(
    ("result", "statuses"),
    [
        ({"status": 404}, {}),
        ({"status": 422, "message": "No"}, {}),
        ({"error": {"status": 422}}, {}),
        ({"x": 1}, {"a": 404}),
    ],
)
def test_a_failure_inside_results_is_a_refusal(result: dict[str, Any], statuses: dict[str, int]) -> None:
    parts = keyed_parts({"results": {"a": result}, "errors": {}, "statuses": statuses}, keys=["a"])
    assert parts["a"].refusal is not None


def test_a_status_in_words_is_no_failure() -> None:
    parts = keyed_parts({"results": {"a": {"status": "FAILED"}}, "errors": {}}, keys=["a"])
    assert parts["a"].refusal is None


@pytest.mark.parametrize("result", [None, "x", 5, []])
def test_a_result_of_no_known_shape_is_left_out(result: object) -> None:
    assert keyed_parts({"results": {"a": result}}, keys=["a"]) == {}


@pytest.mark.parametrize("content", [{}, {"results": None}, {"results": []}, {"elements": []}, {"message": "hello"}])
def test_an_answer_without_results_and_errors_is_no_answer(content: dict[str, Any]) -> None:
    """Absence is never inferred from a body that is about something else."""
    with pytest.raises(Unanswered):
        keyed_parts(content, keys=["a"])


def test_keys_may_come_back_percent_encoded() -> None:
    asked = ["urn:li:simpleJobPostingTask:1", "a b/c", "50%25"]
    answered = {"urn%3Ali%3AsimpleJobPostingTask%3A1": {"n": 1}, "a%20b%2Fc": {"n": 2}, "50%25": {"n": 3}}
    parts = keyed_parts({"results": answered}, keys=asked)
    assert {key: part.content["n"] for key, part in parts.items()} == {asked[0]: 1, asked[1]: 2, asked[2]: 3}


@pytest.mark.parametrize("name", ["X-RestLi-Id", "x-linkedin-id", "X-LinkedIn-Id"])
def test_the_id_of_a_create_is_read_under_both_names(name: str) -> None:
    """hireMediaUrl is called under 2.0.0 and answers x-linkedin-id (linkedin.md 2.2)."""
    assert created_id({name: "urn:li:x:1"}) == "urn:li:x:1"


def test_an_answer_without_an_id_header_has_no_id() -> None:
    assert created_id({"location": "/x"}) == ""
