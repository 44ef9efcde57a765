"""How simulated LinkedIn reads a call and words an error: size limits, query tunneling, protocol 1.0.0, error bodies.

linkedin.md 2 (protocol), 7 (sizes and tunneling), 8.1 (error bodies).
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

from connectors.base.simulation import Refused, SimulatedAnswer, SimulatedRequest, json_answer

API_URL = "https://api.linkedin.com"
PROTOCOL = "1.0.0"
FORM = "application/x-www-form-urlencoded"

# linkedin.md 7.1; the page says KB and means nothing more exact.
MAX_URL_BYTES = 8 * 1024
MAX_QUERY_BYTES = 4 * 1024
MAX_HEAD_BYTES = 28 * 1024
MAX_SEGMENT_BYTES = 4 * 1024

# linkedin.md 7.3: what Rest.li lets travel inside a POST. There is no PATCH in Rest.li.
TUNNELED_VERBS = {"GET", "POST", "PUT", "DELETE", "OPTIONS"}

# linkedin.md 8.1 and 3.8
CODE_NOT_FOUND = 0
CODE_NO_PERMISSION = 100
CODE_THROTTLED = 101
CODE_EMPTY_TOKEN = 401
CODE_INVALID_TOKEN = 65600
CODE_REVOKED_TOKEN = 65601
CODE_EXPIRED_TOKEN = 65602

MESSAGES = {
    400: ("Bad Request", None),
    401: ("Invalid access token", CODE_INVALID_TOKEN),
    403: ("Not enough permissions to access", CODE_NO_PERMISSION),
    404: ("Resource does not exist", CODE_NOT_FOUND),
    409: ("Cannot close job which is already closed or does not exist", None),
    429: ("Resource level throttle APPLICATION DAY limit for calls to this resource is reached.", CODE_THROTTLED),
    500: ("Internal Server Error", None),
    502: ("Bad Gateway", None),
    503: ("Service Unavailable", None),
    504: ("Gateway Timeout", None),
}


def error(status: int, message: str = "", *, code: int | None = None) -> SimulatedAnswer:
    """LinkedIn's error body; without a message the documented one of that status."""
    usual, usual_code = MESSAGES.get(status, ("Error", None))
    body: dict[str, object] = {"message": message or usual, "status": status}
    number = usual_code if code is None and not message else code
    if number is not None:
        body["serviceErrorCode"] = number
    return json_answer(status, body, headers={"X-LinkedIn-Error-Response": "true"})


def refuse(status: int, message: str = "", *, code: int | None = None) -> Refused:
    return Refused(error(status, message, code=code))


def no_permission(method: str, resource: str) -> Refused:
    return refuse(403, f"Not enough permissions to access: {method} /{resource}", code=CODE_NO_PERMISSION)


def check_sizes(raw: SimulatedRequest) -> None:
    """Refuse with 414 what is too long; its body is not documented, so it is no JSON."""
    head = sum(len(name) + len(value) + 4 for name, value in raw.headers.items()) + len(raw.method) + len(raw.path)
    segments = raw.route.split("/")
    if (
        len(API_URL) + len(raw.path) > MAX_URL_BYTES
        or len(raw.query) > MAX_QUERY_BYTES
        or head > MAX_HEAD_BYTES
        or any(len(segment) > MAX_SEGMENT_BYTES for segment in segments)
    ):
        body = b"<html><head><title>414 Request-URI Too Long</title></head><body></body></html>"
        raise Refused(SimulatedAnswer(status=414, headers={"Content-Type": "text/html"}, body=body))


def is_tunneled(raw: SimulatedRequest) -> bool:
    return bool(raw.header("x-http-method-override"))


def check_tunnel(raw: SimulatedRequest) -> None:
    """Refuse a call whose tunnel cannot be opened (linkedin.md 7.2)."""
    if not is_tunneled(raw):
        return
    verb = raw.header("x-http-method-override").upper()
    if raw.method != "POST":
        raise refuse(400, f"X-HTTP-Method-Override is only allowed on POST, not on {raw.method}")
    if verb not in TUNNELED_VERBS:
        raise refuse(400, f"Invalid HTTP method override: {verb}")
    if not raw.media_type:
        raise refuse(400, "Tunneled request is missing its Content-Type")
    if raw.media_type != FORM:
        raise refuse(415, f"Unsupported Content-Type of a tunneled request: {raw.media_type}")


def opened(raw: SimulatedRequest) -> SimulatedRequest:
    """The call that travels inside; the form body joins a query that is already there."""
    try:
        check_tunnel(raw)
    except Refused:
        return raw
    if not is_tunneled(raw):
        return raw
    query = "&".join(part for part in (raw.query, raw.body.decode("utf-8", "replace")) if part)
    dropped = {"x-http-method-override", "content-type", "content-length"}
    headers = {name: value for name, value in raw.headers.items() if name.lower() not in dropped}
    path = f"{raw.route}?{query}" if query else raw.route
    return replace(raw, method=raw.header("x-http-method-override").upper(), path=path, headers=headers, body=b"")


def check_protocol(request: SimulatedRequest) -> None:
    """The seeds speak 1.0.0 (no header means that); its syntax knows no `List(`."""
    version = request.header("x-restli-protocol-version") or PROTOCOL
    if version != PROTOCOL:
        raise refuse(400, f"Rest.li protocol version {version} used by the client is not supported!")
    if any(unquote(value).startswith("List(") for _, value in request.parameters):
        raise refuse(400, "Batch key parameter value is invalid")


def check_method(request: SimulatedRequest, expected: str) -> None:
    """An explicit X-RestLi-Method must agree with verb and address (linkedin.md 8.1)."""
    named = request.header("x-restli-method")
    if named and named.strip().lower() != expected:
        text = f"{request.method} operation not supported for URI: '{request.route}' with X-RestLi-Method: '{named}'"
        raise refuse(400, text)


def batch_keys(request: SimulatedRequest, *, most: int | None = None) -> list[str]:
    """The `ids` of a batch call on simple keys."""
    keys = [value for name, value in request.parameters if name == "ids"]
    if not keys:
        raise refuse(400, f"GET operation not supported for URI: '{request.route}' with X-RestLi-Method: ''")
    if most is not None and len(keys) > most:
        raise refuse(400, too_many(len(keys), most, "batch_get"))
    return keys


def too_many(n_records: int, most: int, method: str) -> str:
    return f"The request batch size: {n_records} is larger than the allowed max batch size: {most} for method: {method}"
