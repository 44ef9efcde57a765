"""What of a stored resume can be shown in a page: the beginning of a text, the first pages of a PDF as images.

A PDF is never opened in this process: it is someone else's program for a large library. A process of its own does it,
with limits of memory, time and output, which can open no file and no connection, and is killed when it takes too long
(see `render`). What comes back is private: whoever serves it says `Cache-Control: no-store`.
"""

from __future__ import annotations

import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import UnsupportedOperation
from pathlib import Path
from typing import IO, BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from talentsync.resumes import checking, text
from talentsync.resumes.refusals import Refused

TEXT_BYTES = 64 * 1024
PAGES = 5
SECONDS = 20.0
AT_ONCE = 2  # of these processes, so that many open pages cannot fill the machine
PIXELS, IMAGE_BYTES = 2_100_000, 16 * 1024 * 1024
RENDER = Path(__file__).with_name("render.py")
PNG, SIZE = b"\x89PNG\r\n\x1a\n", struct.Struct("!II")

CANNOT = _("This file cannot be shown here. Download it.")
NO_WORD = _("Word documents cannot be shown here. Download it.")
BUSY = _("Too many files are being opened right now. Try again in a moment, or download it.")

_free = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, kw_only=True)
class Preview:
    """`text` is plain: a template escapes it. `pages` are PNG images. `sentence` stands there if there is neither."""

    text: str = ""
    pages: tuple[bytes, ...] = ()
    is_cut: bool = False  # there is more of the text, or may be more pages
    sentence: str | Promise = ""


def preview(file: BinaryIO, mime: str) -> Preview:
    """Never raises over what is in the file."""
    if mime == checking.TXT:
        return _of_text(file)
    return _of_pdf(file) if mime == checking.PDF else Preview(sentence=NO_WORD)


def _of_text(file: BinaryIO) -> Preview:
    try:
        start, is_cut = text.start_of(file, TEXT_BYTES)
    except Refused:
        return Preview(sentence=CANNOT)
    return Preview(text=start, is_cut=is_cut)


def _of_pdf(file: BinaryIO) -> Preview:
    if not _free.acquire(timeout=SECONDS):
        return Preview(sentence=BUSY)
    try:
        pages = tuple(_rendered(file, PAGES))
    except _Broken:
        return Preview(sentence=CANNOT)
    finally:
        _free.release()
    return Preview(pages=pages, is_cut=len(pages) == PAGES) if pages else Preview(sentence=CANNOT)


class _Broken(Exception):
    """No images came, or not what images look like."""


def _rendered(file: BinaryIO, count: int) -> Iterator[bytes]:
    with _on_disk(file) as source, tempfile.TemporaryFile() as images:
        _run(source, images, count)
        images.seek(0)
        yield from _images(images, count)


def _run(source: int, images: IO[bytes], count: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-I", "-B", str(RENDER), str(count)],
        stdin=source,
        stdout=images.fileno(),
        stderr=subprocess.DEVNULL,
        env={},  # keys and passwords stand in ours
        cwd="/",
        start_new_session=True,
    )
    try:
        if process.wait(SECONDS):
            raise _Broken
    except subprocess.TimeoutExpired:
        raise _Broken from None
    finally:
        with suppress(ProcessLookupError):  # it has ended, and left nobody behind
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def _on_disk(file: BinaryIO) -> Iterator[int]:
    """The file itself if another process can read it, else a nameless copy."""
    try:
        number = file.fileno()
    except UnsupportedOperation:
        with tempfile.TemporaryFile() as copy:
            file.seek(0)
            shutil.copyfileobj(file, copy)
            copy.flush()
            yield copy.fileno()
    else:
        yield number


def _images(file: IO[bytes], count: int) -> Iterator[bytes]:
    """What a process that read somebody's PDF has written is not believed either."""
    for _number in range(count):
        if not (length := file.read(4)):
            return
        image = file.read(min(int.from_bytes(length, "big"), IMAGE_BYTES))
        if not image.startswith(PNG) or len(image) < 24:
            raise _Broken
        width, height = SIZE.unpack_from(image, 16)
        if not 0 < width * height <= PIXELS:
            raise _Broken
        yield image
