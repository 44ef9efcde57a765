"""A process of its own that turns pages of a PDF into PNG. It reads the PDF from standard input and writes, for each
page, four bytes of length and the image. It is started by its path and imports nothing of TalentSync: there is no
setting, key or database in it that a PDF which breaks PDFium could reach.

    python -I -B render.py COUNT
"""

from __future__ import annotations

import io
import math
import os
import resource
import struct
import sys

import pypdfium2
from PIL import Image

MEMORY = 512 * 1024 * 1024
PROCESSOR_SECONDS = 10
OUTPUT = 16 * 1024 * 1024
INPUT = 10 * 1024 * 1024
WIDEST, HIGHEST, PIXELS = 1200, 2400, 2_000_000
SCALE = 1.6  # of 72 dots per inch: small print can be read
CANNOT = 3


def limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_FSIZE, OUTPUT),
        (resource.RLIMIT_CORE, 0),  # a dump of memory would hold the resume
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))


def open_nothing_more() -> None:
    """No file and no connection can be opened from here on, only what is open already can be used."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def scale(width: float, height: float) -> float:
    fitting = min(SCALE, WIDEST / width, HIGHEST / height)
    return min(fitting, math.sqrt(PIXELS / (width * height)))


def main(count: int) -> int:
    limit()
    Image.preinit()  # reads its modules while files can be opened
    document = os.pread(0, INPUT + 1, 0)
    open_nothing_more()
    try:
        pdf = pypdfium2.PdfDocument(document)
        for number in range(min(count, len(pdf))):
            page = pdf[number]
            image = page.render(scale=scale(*page.get_size()), may_draw_forms=False).to_pil()
            png = io.BytesIO()
            image.save(png, "PNG")
            sys.stdout.buffer.write(struct.pack("!L", png.tell()) + png.getvalue())
        sys.stdout.buffer.flush()
    except Exception:
        return CANNOT
    return 0


if __name__ == "__main__":
    os._exit(main(int(sys.argv[1])))  # no tidying up: PDFium may be in any state
