"""Files to be judged, each made here byte by byte: what is good, and what tries to look good."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
import zlib

from reportlab.pdfgen import canvas

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
NOBODY = FREE
TEXT = "Rosa Márquez\nGardener\nTen years of roses.\n"


# PDF


def pdf(pages: int = 1, *, encrypt: str | None = None, size: tuple[float, float] = (595, 842)) -> bytes:
    """As reportlab writes it."""
    file = io.BytesIO()
    drawn = canvas.Canvas(file, pagesize=size, encrypt=encrypt, invariant=True)
    for number in range(pages):
        drawn.drawString(72, 72, f"Page {number + 1}")
        drawn.showPage()
    drawn.save()
    return file.getvalue()


def small_pdf(trailer: bytes = b"", front: bytes = b"") -> bytes:
    """The least that a reader takes for a PDF."""
    start = b"%PDF-1.4\n" + front
    catalog = b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    return start + catalog + b"trailer<</Root 1 0 R" + trailer + b">>\nstartxref\n0\n%%EOF\n"


# Word, and what else is an OLE2 file


def fib(*, ident: int = 0xA5EC, flags: int = 0) -> bytes:
    """The beginning of the stream WordDocument."""
    return struct.pack("<H8xH", ident, flags).ljust(4096, b"\1")


def entry(name: str, type: int, *, child: int = NOBODY, right: int = NOBODY, start: int = END, size: int = 0) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    head = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), type, 1)
    return head + struct.pack("<III36xIQ", NOBODY, right, child, start, size)


def ole(streams: dict[str, bytes], *, inside: dict[str, bytes] | None = None, first_right: int | None = None) -> bytes:
    """A compound file: sector 0 is the FAT, 1 and 2 the directory. `inside` lies in a storage below the root.

    Streams of fewer than 4096 bytes go into the small stream of the root, as they must.
    """
    fat, body, small = [FAT, 2, END], [b""], b""
    directory: list[bytes] = []

    def add(content: bytes) -> int:
        start, count = len(fat), -(-len(content) // SECTOR)
        fat.extend([*range(start + 1, start + count), END])
        body.append(content.ljust(count * SECTOR, b"\0"))
        return start

    def chained(named: dict[str, bytes], type: int, first: int, child: int = NOBODY) -> None:
        nonlocal small
        for number, (name, content) in enumerate(named.items(), start=first):
            last = number == first + len(named) - 1
            right = NOBODY if last else number + 1
            if content and len(content) < 4096:
                start, small = len(small) // 64, small + content.ljust(-(-len(content) // 64) * 64, b"\0")
            else:
                start = add(content) if content else END
            directory.append(entry(name, type, right=right, child=child, start=start, size=len(content)))

    outer = {**streams, **({"ObjectPool": b""} if inside else {})}
    chained(outer, 2, 1)
    if inside:
        directory[-1] = entry("ObjectPool", 1, child=len(outer) + 1)
        chained(inside, 2, len(outer) + 1)
    root = entry("Root Entry", 5, child=1, start=add(small) if small else END, size=len(small))
    listing = b"".join([root, *directory]).ljust(2 * SECTOR, b"\0")
    assert len(listing) == 2 * SECTOR
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(SECTOR, b"\xff")
    assert len(table) == SECTOR
    header = struct.pack("<8s16xHH2sHH6xIIIIIIIII", MAGIC, 62, 3, b"\xfe\xff", 9, 6, 0, 1, 1, 0, 4096, END, 0, END, 0)
    return header + struct.pack("<109I", 0, *[FREE] * 108) + table + listing + b"".join(body)


MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def doc(**flags: int) -> bytes:
    return ole({"WordDocument": fib(**flags), "1Table": b"\2" * 4096})


# Archives


def zipped(*names: str, content: bytes = b"x", comment: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
        archive.comment = comment
    return file.getvalue()


def docx() -> bytes:
    return zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml")


def odt() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    return file.getvalue()


def bomb() -> bytes:
    """Ten kilobytes that unpack into ten megabytes."""
    return zipped("resume.pdf", content=b"\0" * (10 * 1024 * 1024))


def tar_that_begins_as_pdf() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        archive.addfile(tarfile.TarInfo("%PDF-1.4\n"))
    return file.getvalue() + b"\n%%EOF\n"


def exe() -> bytes:
    return b"MZ\x90\0\3\0\0\0".ljust(128, b"\0") + b"PE\0\0"


def png_head(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack("!I4sII", 13, b"IHDR", width, height)


# PDFs that are after whoever opens them


def page_of(
    content: bytes, *, filters: bytes = b"", resources: bytes = b"", more: bytes = b"", box: bytes = b""
) -> bytes:
    """One page with this stream of drawing, and further objects from number 5 on."""
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 %s]/Contents 4 0 R/Resources<<%s>>>>endobj\n"
        b"4 0 obj<<%s/Length %d>>stream\n%s\nendstream endobj\n%s"
        b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%%%EOF\n"
    ) % (box or b"595 842", resources, filters, len(content), content, more)


def form(number: int, content: bytes, resources: bytes = b"") -> bytes:
    head = b"%d 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<<%s>>/Length %d>>stream\n"
    return head % (number, resources, len(content)) + content + b"\nendstream endobj\n"


def endless_pdf() -> bytes:
    """A drawing of ten drawings, nine deep: each of a thousand million has to be drawn."""
    ten, name = b"/X Do " * 10, b"/XObject<</X %d 0 R>>"
    forms = [form(number, ten, name % (number + 1)) for number in range(5, 14)]
    last = form(14, b"0 0 m 500 500 l S " * 10)
    return page_of(ten, resources=name % 5, more=b"".join(forms) + last)


def swelling_pdf(megabytes: int = 900) -> bytes:
    """A drawing that unpacks into more than the machine should give for it."""
    packer = zlib.compressobj(9)
    first, block = (packer.compress(b" " * 2**20) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    packed = first + block * (megabytes - 1) + packer.flush()
    return page_of(packed, filters=b"/Filter/FlateDecode")


def huge_pdf() -> bytes:
    """A page of five kilometres."""
    return page_of(b"0 0 m 9 9 l S", box=b"14400000 14400000")
