"""How simulated LinkedIn words an error, and how long a call may be: linkedin.md 8.1 (error bodies), 7.1 (sizes).

Tunneling stands in `tunnel`, the two protocols in `dialects`.
"""

from __future__ import annotations

from connectors.base.simulation import Refused, SimulatedAnswer, SimulatedRequest, json_answer

API_URL = "https://api.linkedin.com"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

# linkedin.md 7.1; the page says KB and means nothing more exact.
MAX_URL_BYTES = 8 * 1024
MAX_QUERY_BYTES = 4 * 1024
MAX_HEAD_BYTES = 28 * 1024
MAX_SEGMENT_BYTES = 4 * 1024

# linkedin.md 8.1 and 3.8
CODE_NOT_FOUND = 0
CODE_NO_PERMISSION = 100
CODE_THROTTLED = 101
CODE_EMPTY_TOKEN = 401
CODE_INVALID_TOKEN = 65600
CODE_REVOKED_TOKEN = 65601
CODE_EXPIRED_TOKEN = 65602

# linkedin.md 2.2: the header that marks an error, by protocol
ERROR_MARKER = "X-LinkedIn-Error-Response"
ERROR_MARKERS = {"1.0.0": ERROR_MARKER, "2.0.0": "X-RestLi-Error-Response"}

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
    return json_answer(status, body, headers={ERROR_MARKER: "true"})


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


def check_method(request: SimulatedRequest, expected: str) -> None:
    """An explicit X-RestLi-Method must agree with verb and address; without one Rest.li infers it (2.1, 8.1)."""
    named = request.header("x-restli-method")
    if named and named.strip().lower() != expected:
        raise not_supported(request)


def not_supported(request: SimulatedRequest) -> Refused:
    named = request.header("x-restli-method")
    text = f"{request.method} operation not supported for URI: '{request.route}' with X-RestLi-Method: '{named}'"
    return refuse(400, text)


def too_many(n_records: int, most: int, method: str) -> str:
    return f"The request batch size: {n_records} is larger than the allowed max batch size: {most} for method: {method}"
