"""The files of the invented resumes, made where they are needed."""

from __future__ import annotations

from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from talentsync.demo.people import Applicant, Paper

MARGIN = 72.0


def made(applicant: Applicant, paper: Paper) -> tuple[str, bytes]:
    """Name and content of a person's resume."""
    content = _pdf(applicant, paper) if paper.ending == "pdf" else _text(applicant, paper)
    return f"{applicant.name}.{paper.ending}", content


def _text(applicant: Applicant, paper: Paper) -> bytes:
    head = [applicant.name, applicant.title, applicant.email]
    return "\n".join([*head, "", *paper.lines, ""]).encode()


def _pdf(applicant: Applicant, paper: Paper) -> bytes:
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1)
    canvas.setTitle(applicant.name)
    place = A4[1] - MARGIN
    canvas.setFont("Helvetica-Bold", 18)
    canvas.drawString(MARGIN, place, applicant.name)
    canvas.setFont("Helvetica", 11)
    for words in (applicant.title, applicant.email, "", *paper.lines):
        place -= 20
        canvas.drawString(MARGIN, place, words)
    canvas.save()
    return file.getvalue()
