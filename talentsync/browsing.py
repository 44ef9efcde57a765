"""A browser without a screen: follows links and fills in forms over HTTP. For `bin/run --smoke`."""

from __future__ import annotations

import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar

ANSWER_SECONDS = 30


@dataclass(kw_only=True)
class Form:
    """A form as it stands on a page: what it would send if nobody touched it."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)  # select's name → text of the option → value
    offered: list[tuple[str, str]] = field(default_factory=list)  # check boxes that are not ticked


class Browser:
    """One person's visit: cookies, the page looked at, its forms."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.url, self.page = base, ""

    def open(self, path: str) -> list[Form]:
        """Look at a page; returns its forms."""
        return self._load(urllib.request.Request(urllib.parse.urljoin(self.url, path)))

    def submit(self, form: Form, **changes: str | list[str]) -> list[Form]:
        """Send a form as it stands, but for the changes; returns the forms of the page that follows."""
        kept = [(name, value) for name, value in form.fields if name not in changes]
        changed = [
            (name, one) for name, value in changes.items() for one in ([value] if isinstance(value, str) else value)
        ]
        target = urllib.parse.urljoin(self.url, form.action or self.url)
        body = urllib.parse.urlencode([*kept, *changed]).encode()
        return self._load(urllib.request.Request(target, data=body, headers={"Referer": self.url}))

    def log_in(self, name: str, password: str) -> None:
        forms = self.open(f"{self.base}/admin/login/")
        self.submit(_posting(forms, "password"), username=name, password=password)
        if "/login/" in self.url:
            raise ValueError("The login was refused.")

    def rows(self, path: str) -> list[str]:
        """The primary keys of the rows that a list offers for selection."""
        forms = self.open(f"{self.base}{path}")
        return [value for form in forms for name, value in form.offered if name == "_selected_action"]

    def act(self, path: str, verb: str, rows: list[str]) -> None:
        """Choose the list's action that begins with `verb` for these rows, then confirm the page that asks."""
        form = _posting(self.open(f"{self.base}{path}"), "action")
        action = next(value for text, value in form.choices["action"].items() if text.startswith(verb))
        asked = self.submit(form, action=action, _selected_action=rows)
        self.submit(_posting(asked, "csrfmiddlewaretoken", inside=urllib.parse.urlsplit(self.url).path))

    def _load(self, request: urllib.request.Request) -> list[Form]:
        with self._opener.open(request, timeout=ANSWER_SECONDS) as answer:
            self.url, self.page = answer.url, answer.read().decode()
        reader = _FormReader()
        reader.feed(self.page)
        return reader.forms


def _posting(forms: list[Form], name: str, *, inside: str = "") -> Form:
    """The form that is posted and holds a field of this name; `inside`: to this address or to the page itself."""
    for form in forms:
        names = {name for name, _ in form.fields} | form.choices.keys()
        if form.method == "post" and name in names and form.action in {"", inside or form.action}:
            return form
    raise ValueError(f"There is no form with a field {name!r} on this page.")


class _FormReader(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = ""
        self._option: tuple[str, bool] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(action=given.get("action", ""), method=given.get("method", "get").lower()))
        elif not self.forms:
            return
        elif tag == "input":
            self._input(given)
        elif tag == "select":
            self._select = given.get("name", "")
            self.forms[-1].choices.setdefault(self._select, {})
        elif tag == "option":
            self._option, self._text = (given.get("value", ""), "selected" in given), ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "option" and self._option is not None and self.forms:
            value, is_selected = self._option
            self.forms[-1].choices.setdefault(self._select, {})[self._text.strip()] = value
            if is_selected:
                self.forms[-1].fields.append((self._select, value))
            self._option = None

    def handle_data(self, data: str) -> None:
        self._text += data

    def _input(self, given: dict[str, str]) -> None:
        kind, name, value = given.get("type", "text"), given.get("name", ""), given.get("value", "on")
        if not name or kind in {"submit", "button", "image", "reset", "file"}:
            return
        is_ticked = kind not in {"checkbox", "radio"} or "checked" in given
        (self.forms[-1].fields if is_ticked else self.forms[-1].offered).append(
            (name, given.get("value", "") if kind not in {"checkbox", "radio"} else value)
        )
