"""The names of files, as people read them and as browsers and LinkedIn are given them. No path is ever made of one."""

from __future__ import annotations

import re
import unicodedata

AT_MOST = 255
NAMELESS = "resume"
# Marks that turn the direction of writing: with them, "fdp.exe" is shown as "exe.pdf".
BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
INVISIBLE = "\u00ad\u180e\u200b\u2028\u2029\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
FORBIDDEN = re.compile(f'[{BIDI}{INVISIBLE}"<>:|?*\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufdd0-\\ufdef\\ufffe\\uffff]')
BLANKS = re.compile(r"\s+")
RESERVED = re.compile(r"(CON|PRN|AUX|NUL|(COM|LPT)[0-9¹²³]) *(\.|$)", re.IGNORECASE)  # devices, to Windows
ENDING = re.compile(r"\.[^. ]{1,10}$")


def clean(raw: str) -> str:
    """The last part of a path, composed (NFC), without what misleads or breaks: at most 255 characters."""
    last = re.split(r"[/\\]", raw)[-1]
    name = unicodedata.normalize("NFC", FORBIDDEN.sub("", BLANKS.sub(" ", last))).strip().rstrip(" .")
    shown = name.lstrip(" .")  # a dot in front hides a file
    if shown != name and "." not in shown:  # an ending and nothing else
        shown = f"{NAMELESS}.{shown}"
    if RESERVED.match(shown):
        shown = f"_{shown}"
    return _shortened(shown or NAMELESS)


def ending(name: str) -> str:
    """With its dot, in small letters; nothing if there is none."""
    found = ENDING.search(clean(name))
    return found[0].lower() if found else ""


def _shortened(name: str) -> str:
    found = ENDING.search(name)
    end = found[0] if found else ""
    return name if len(name) <= AT_MOST else name[: AT_MOST - len(end)].rstrip(" .") + end
