"""The same storage in a bucket: through boto3, over a socket, to a store that checks every signature."""

from __future__ import annotations

import io
import socket
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.test import override_settings

from talentsync.resumes import storage
from talentsync.resumes.s3 import S3PrivateStorage
from talentsync.resumes.storage import NAME
from tests.resumes import s3_server
from tests.resumes.s3_server import Store

MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def server() -> Iterator[Store]:
    """With settings that lead there: to begin a session with boto3 is slow."""
    with s3_server.served() as store, override_settings(STORAGES={**settings.STORAGES, "resumes": settled(store.url)}):
        yield store


def settled(url: str, **changed: Any) -> dict[str, Any]:
    options = {
        "bucket_name": s3_server.BUCKET,
        "location": "resumes",
        "endpoint_url": url,
        "region_name": s3_server.REGION,
        "access_key": s3_server.ACCESS_KEY,
        "secret_key": s3_server.SECRET_KEY,
    }
    return {"BACKEND": "talentsync.resumes.s3.S3PrivateStorage", "OPTIONS": {**options, **changed}}


@pytest.fixture(autouse=True)
def bucket(server: Store) -> Store:
    server.objects.clear()
    server.calls.clear()
    assert isinstance(storage.store(), S3PrivateStorage)
    return server


def kept(content: bytes = b"Rosa") -> str:
    return storage.keep(io.BytesIO(content))


def test_what_is_kept_is_read_back(bucket):
    name = kept(b"Rosa Marquez")
    assert NAME.fullmatch(name)
    with storage.opened(name) as file:
        assert file.read(4) == b"Rosa"
        assert file.read() == b" Marquez"


def test_a_file_is_there_by_one_request_or_not_at_all(bucket):
    kept(b"x" * 10 * MEGABYTE)
    assert bucket.calls.count("PUT") == 1
    assert "POST" not in bucket.calls


def test_a_large_file_is_read_with_little_memory():
    name = kept(b"x" * 10 * MEGABYTE)
    tracemalloc.start()
    with storage.opened(name) as file:
        assert sum(len(piece) for piece in file.chunks(64 * 1024)) == 10 * MEGABYTE
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 21 * MEGABYTE  # of which the server in this process holds ten


def test_the_bucket_holds_no_name_of_a_person_and_no_type_that_browsers_open(bucket):
    name = kept()
    ((key, stored),) = bucket.objects.items()
    assert key == f"resumes/{name}"
    assert stored.headers == {"Content-Type": "application/octet-stream", "Content-Disposition": "attachment"}


def test_without_a_signature_nothing_is_given_out(bucket):
    name = kept()
    with pytest.raises(HTTPError) as caught:
        urlopen(f"{bucket.url}/{s3_server.BUCKET}/resumes/{name}")
    with caught.value as answer:
        assert answer.code == 403


def test_no_address_leads_to_a_file():
    with pytest.raises(ValueError, match="no address"):
        storage.store().url(kept())


def test_a_file_is_deleted_once_and_again(bucket):
    name = kept()
    storage.forget(name)
    storage.forget(name)
    assert bucket.objects == {}
    assert not storage.store().exists(name)
    with pytest.raises(FileNotFoundError) as missing:
        storage.opened(name)
    assert name not in str(missing.value)
    with pytest.raises(FileNotFoundError):
        storage.store().get_modified_time(name)


def test_names_are_listed_in_order_over_pages_and_strangers_left_out(bucket):
    made = sorted(kept() for _ in range(7))
    stranger = bucket.objects[f"resumes/{made[0]}"]
    bucket.objects["resumes/notes.txt"] = bucket.objects[f"other/{made[0]}"] = stranger
    assert list(storage.store().names()) == made
    assert bucket.calls.count("GET") == 3


def test_without_a_folder_files_lie_at_the_top(bucket, settings):
    settings.STORAGES = {**settings.STORAGES, "resumes": settled(bucket.url, location="")}
    name = kept()
    assert list(bucket.objects) == [name]
    assert list(storage.store().names()) == [name]


def test_files_know_when_they_were_written():
    age = datetime.now(UTC) - storage.store().get_modified_time(kept())
    assert age.total_seconds() < 60


@pytest.mark.parametrize("name", ["../secret", "ab/../x", "", "ab/" + "g" * 32])
def test_only_names_of_ours_are_looked_at(name):
    for ask in (storage.opened, storage.store().exists, storage.store().delete):
        with pytest.raises(SuspiciousFileOperation):
            ask(name)


def test_a_stored_file_is_never_written_to():
    with pytest.raises(ValueError, match="never written"):
        storage.store().open(kept(), "wb")


def test_a_wrong_key_is_an_error_without_words_of_the_store(bucket, settings):
    settings.STORAGES = {**settings.STORAGES, "resumes": settled(bucket.url, secret_key="wrong")}
    with pytest.raises(OSError, match=r"^The file store .*403") as caught:
        storage.opened("ab/" + "0" * 32)
    assert "canary" not in str(caught.value)
    with pytest.raises(OSError, match="The file store"):
        kept()


def test_a_store_that_is_away_is_an_error_of_the_same_sort(settings):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings.STORAGES = {**settings.STORAGES, "resumes": settled(f"http://127.0.0.1:{port}")}
    for ask in (kept, lambda: storage.forget("ab/" + "0" * 32), lambda: list(storage.store().names())):
        with pytest.raises(OSError, match="could not be used") as caught:
            ask()
        assert "127.0.0.1" not in str(caught.value)
