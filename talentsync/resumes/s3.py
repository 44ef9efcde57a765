"""The same private storage in a bucket of an S3-compatible store. Needs `requirements/ops.txt`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from talentsync.resumes.checking import LIMIT, MEGABYTE
from talentsync.resumes.storage import NAME, PrivateStorage, only_ours, only_reading

TALK = Config(
    connect_timeout=5,
    read_timeout=30,
    retries={"total_max_attempts": 2},
    # Checksums only where the protocol demands them: other makers' stores refuse what only one of them knows.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    s3={"addressing_style": "path"},
    signature_version="s3v4",
)
# One request for each file, so that it is there as a whole or not at all.
AT_ONCE = TransferConfig(multipart_threshold=2 * LIMIT, multipart_chunksize=2 * LIMIT, use_threads=False)


class S3PrivateStorage(PrivateStorage, S3Storage):  # type: ignore[misc]  # it has no types
    def __init__(self, **options: Any) -> None:
        super().__init__(
            **options,
            client_config=TALK,
            transfer_config=AT_ONCE,
            max_memory_size=MEGABYTE,  # what is larger goes through a nameless temporary file
            object_parameters={"ContentType": "application/octet-stream", "ContentDisposition": "attachment"},
        )

    def delete(self, name: str) -> None:
        with _as_os_error():
            super().delete(only_ours(name))

    def exists(self, name: str) -> bool:
        with _as_os_error():
            return bool(super().exists(only_ours(name)))

    def get_modified_time(self, name: str) -> datetime:
        with _as_os_error():
            moment: datetime = super().get_modified_time(only_ours(name))
            return moment

    def names(self) -> Iterator[str]:
        prefix = f"{self.location}/" if self.location else ""
        pages = self.connection.meta.client.get_paginator("list_objects_v2")
        with _as_os_error():
            for page in pages.paginate(Bucket=self.bucket_name, Prefix=prefix):
                keys = (entry["Key"].removeprefix(prefix) for entry in page.get("Contents", ()))
                yield from filter(NAME.fullmatch, keys)

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        with _as_os_error():
            opened: File[Any] = super()._open(only_ours(name), only_reading(mode))
            _ = opened.file  # fetched now, and not by the first read, whose errors would be others
            return opened

    def _save(self, name: str, content: File[Any]) -> str:
        with _as_os_error():
            return str(super()._save(only_ours(name), content))


@contextmanager
def _as_os_error() -> Iterator[None]:
    """One sort of error for callers, without addresses, keys and names in its words."""
    try:
        yield
    except FileNotFoundError:
        raise FileNotFoundError("The file store does not have this.") from None
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        if status == 404:
            raise FileNotFoundError("The file store does not have this.") from None
        raise OSError(f"The file store refused (status {status}).") from None
    except (BotoCoreError, Boto3Error) as error:
        raise OSError(f"The file store could not be used ({type(error).__name__}).") from None
