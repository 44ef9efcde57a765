"""What of a resume is shown in a page, and what a PDF that is after its reader can do: nothing."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template
from PIL import Image

from talentsync.resumes import preview, storage
from talentsync.resumes.checking import DOC, PDF, TXT
from talentsync.resumes.preview import CANNOT, NO_WORD, Preview
from tests.resumes import samples

PROJECT = Path(preview.__file__).parents[2]


def shown(content: bytes, mime: str = PDF) -> Preview:
    """As a stored file is shown."""
    with storage.opened(storage.keep(io.BytesIO(content))) as file:
        return preview.preview(file, mime)


# Text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_a_text_is_read_as_it_was_checked(encoding):
    assert shown(samples.TEXT.encode(encoding), TXT) == Preview(text=samples.TEXT)


def test_a_text_is_latin_1_even_if_that_is_seen_only_behind_what_is_shown():
    text = "Ã© " * 30_000 + "é"  # its beginning could be UTF-8
    found = shown(text.encode("latin-1"), TXT)
    assert found.text == text[: preview.TEXT_BYTES]
    assert found.is_cut


def test_a_long_text_is_cut_between_characters():
    found = shown("é".encode() * 40_000 + b"x" + "é".encode(), TXT)
    assert found == Preview(text="é" * (preview.TEXT_BYTES // 2), is_cut=True)
    assert shown(b"x" + "é".encode() * 40_000, TXT).text == "x" + "é" * (preview.TEXT_BYTES // 2 - 1)


def test_a_text_is_escaped_by_the_page():
    found = shown(b"Rosa <script>alert(1)</script>", TXT)
    assert "<script>" not in Template("{{ found.text }}").render(Context({"found": found}))


def test_a_text_that_would_not_be_taken_is_not_shown():
    assert shown(b"Rosa\0", TXT) == Preview(sentence=CANNOT)


# Word


def test_a_word_document_is_not_shown_and_the_page_says_so():
    assert shown(samples.doc(), DOC) == Preview(sentence=NO_WORD)


# PDF


def sizes(found: Preview) -> list[tuple[int, int]]:
    """Decodes every image, which proves that it is whole."""
    images = [Image.open(io.BytesIO(page), formats=["PNG"]) for page in found.pages]
    assert all(image.convert("L").getextrema() == (0, 255) for image in images)
    return [image.size for image in images]


def test_the_first_pages_of_a_pdf_are_images():
    found = shown(samples.pdf(pages=7))
    assert sizes(found) == [(952, 1348)] * 5
    assert found.is_cut
    assert not found.sentence


def test_a_file_in_memory_is_shown_as_well():
    found = preview.preview(io.BytesIO(samples.pdf(pages=2)), PDF)
    assert len(sizes(found)) == 2
    assert not found.is_cut


@pytest.mark.parametrize("size", [(14_400, 14_400), (14_400, 1), (72, 14_400)])
def test_a_large_page_gives_a_small_image(size):
    ((width, height),) = sizes_of_blank(shown(samples.pdf(size=size)))
    assert width * height <= preview.PIXELS


def sizes_of_blank(found: Preview) -> list[tuple[int, int]]:
    return [Image.open(io.BytesIO(page), formats=["PNG"]).size for page in found.pages]


def test_a_page_of_five_kilometres_gives_a_small_image():
    assert sizes_of_blank(shown(samples.huge_pdf())) == [(1200, 1200)]


@pytest.mark.parametrize(
    "content",
    [
        samples.swelling_pdf(),  # ends at the limit of memory
        samples.pdf(encrypt="secret"),
        samples.small_pdf(),  # has no page
        b"%PDF-1.4\n%%EOF",
        samples.pdf()[:300],
        b"",
    ],
    ids=["swelling", "encrypted", "no page", "nothing inside", "cut off", "empty"],
)
def test_a_pdf_that_cannot_be_shown_can_be_downloaded(content):
    assert shown(content) == Preview(sentence=CANNOT)


def test_a_pdf_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(preview, "SECONDS", 0.4)
    processes: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def watched(*args: Any, **options: Any) -> subprocess.Popen[bytes]:
        processes.append(start(*args, **options))
        return processes[-1]

    monkeypatch.setattr(subprocess, "Popen", watched)
    assert shown(samples.endless_pdf()) == Preview(sentence=CANNOT)
    assert [process.poll() for process in processes] == [-9]


def test_when_too_many_are_opened_the_page_says_to_wait(monkeypatch):
    monkeypatch.setattr(preview, "SECONDS", 0.01)
    held = [preview._free.acquire() for _ in range(preview.AT_ONCE)]
    try:
        assert shown(samples.pdf()).sentence == preview.BUSY
    finally:
        for _ in held:
            preview._free.release()


WRITE = b"sys.stdout.buffer.write(%r)"
HUGE = samples.png_head(65_535, 65_535)
LIARS = {
    "no image": WRITE % (b"x" * 50),
    "a length and no image": WRITE % (b"\xff\xff\xff\xff" + b"x" * 50),
    "an image of 4 gigapixels": WRITE % (len(HUGE).to_bytes(4, "big") + HUGE),
    "an image cut off": WRITE % (b"\0\0\0\xff" + HUGE[:12]),
}


@pytest.mark.parametrize("lie", LIARS.values(), ids=LIARS)
def test_a_process_that_a_pdf_took_over_is_not_believed(lie, monkeypatch, tmp_path):
    taken_over = tmp_path / "render.py"
    taken_over.write_bytes(b"import sys\n" + lie)
    monkeypatch.setattr(preview, "RENDER", taken_over)
    assert shown(samples.pdf()) == Preview(sentence=CANNOT)


# The limits, tried by a process that has them

TRY = """
import json, os, resource, runpy, socket, sys
render = runpy.run_path(sys.argv[1], run_name="limits")
render["limit"]()
said = {}

def attempt(name, function):
    try:
        function()
        said[name] = "done"
    except (OSError, MemoryError) as error:
        said[name] = type(error).__name__

attempt("memory", lambda: bytearray(render["MEMORY"]))
attempt("output", lambda: os.pwrite(1, b"x" * 4096, render["OUTPUT"]))
render["open_nothing_more"]()
attempt("read a file", lambda: open("/etc/passwd"))
attempt("write a file", lambda: open("stolen", "w"))
attempt("connect", lambda: socket.create_connection(("127.0.0.1", 9)))
attempt("socket", socket.socket)
said["environment"] = dict(os.environ)
said["path"] = [each for each in sys.path if os.path.exists(each + "/talentsync")]
said["cpu"] = resource.getrlimit(resource.RLIMIT_CPU)
said["processes"] = resource.getrlimit(resource.RLIMIT_NPROC)
said["core"] = resource.getrlimit(resource.RLIMIT_CORE)
os.write(2, json.dumps(said).encode())
"""


def test_the_process_can_open_nothing_and_take_only_so_much(tmp_path):
    script, words = tmp_path / "try.py", tmp_path / "words"
    script.write_text(TRY)
    with words.open("wb") as errors, (tmp_path / "output").open("wb") as output:
        subprocess.run(
            [sys.executable, "-I", "-B", script, preview.RENDER],
            stdout=output,
            stderr=errors,
            env={},
            cwd="/",
            check=True,
        )
    said = json.loads(words.read_text())
    assert said == {
        "memory": "MemoryError",
        "output": "OSError",
        "read a file": "OSError",
        "write a file": "OSError",
        "connect": "OSError",
        "socket": "OSError",
        "environment": said["environment"],
        "path": [],
        "cpu": [10, 10],
        "core": [0, 0],
        "processes": [0, 0],  # which does not bind root
    }
    assert not {"SECRET_KEY", "DATABASE_URL", "FIELD_ENCRYPTION_KEYS"} & said["environment"].keys()


def test_the_process_is_given_no_environment_and_its_words_are_not_kept(monkeypatch):
    seen: list[dict[str, Any]] = []
    start = subprocess.Popen

    def watched(*args: Any, **options: Any) -> subprocess.Popen[bytes]:
        seen.append(options)
        return start(*args, **options)

    monkeypatch.setattr(subprocess, "Popen", watched)
    assert len(shown(samples.pdf()).pages) == 1
    assert seen[0]["env"] == {}
    assert seen[0]["stderr"] == subprocess.DEVNULL
    assert seen[0]["cwd"] == "/"


def test_this_process_never_loads_what_reads_pdfs():
    code = "import sys, talentsync.resumes.preview; print([name for name in sys.modules if 'pdfium' in name])"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
