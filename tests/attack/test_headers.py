"""What stands around a form: headers, cookies, encodings. Never an error page, always our headers."""

from __future__ import annotations

import uuid
from io import BytesIO

import pytest
from django.test import Client

from mats.wsgi import application

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

CODECS = [
    "hex",
    "rot13",
    "undefined",
    "idna",
    "zlib",
    "base64",
    "utf-7",
    "utf-16",
    "unicode_escape",
    "punycode",
    "mbcs",
    "x" * 999,
]
COOKIES = [
    r'session="aaaaaaaaaaaaaa\000bbbbbbb"',
    r'session="\355\240\200aaaaaaaaa"',
    "session=" + "a" * 5000,
    "session=",
    "=;;==",
    r'csrf="\000"',
    r'messages="\000abc"',
    "session=../../../etc/passwd",
    "\x80\xff",
]
HEADERS = [
    ("Host", "evil.example"),
    ("Host", "a b"),
    ("Host", "[::1"),
    ("X-Forwarded-Host", "evil.example"),
    ("X-Forwarded-For", "\x00garbage, 1.2.3"),
    ("X-Forwarded-Proto", "gopher"),
    ("Accept-Language", "x" * 9000),
    ("Accept-Language", "\x80\xff"),
    ("HX-Request", "true"),
    ("HX-Current-URL", "http://[::1"),
    ("Referer", "http://[::1"),
    ("HX-Current-URL-URI-AutoEncoded", "true"),
    ("Range", "bytes=-1--"),
    ("If-Modified-Since", "\x80"),
    ("User-Agent", "\x00"),
    ("X-HTTP-Method-Override", "DELETE"),
    ("Origin", "null"),
    ("Cookie", "x" * 9000),
]
PAGES = ["/", "/accounts/login/", "/c/winter-2027/people/", "/nonsense/"]
FORM = "application/x-www-form-urlencoded"


def served(client: Client, method: str, page: str, kind: str, body: bytes = b"") -> tuple[int, str]:
    """Asked through the web server's own way in: the client of the tests makes its requests otherwise."""
    path, _, query = page.partition("?")
    about = {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": method, "CONTENT_TYPE": kind}
    environ = {**client._base_environ(), **about, "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body)}
    environ["HTTP_COOKIE"] = "; ".join(f"{name}={value.value}" for name, value in client.cookies.items())
    request = application.request_class(environ)
    request._dont_enforce_csrf_checks = True
    answer = application.get_response(request)
    return answer.status_code, answer.content.decode()


def asked(client: Client, page: str, **headers) -> tuple[bool, bool]:
    """Whether an answer is an error of ours, and whether it carries our headers."""
    client.raise_request_exception = False
    answer = client.get(page, {"page": "1", "next": "/"}, headers=headers)
    return answer.status_code >= 500, "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("name", CODECS)
def test_page_asked_in_another_encoding_is_answered(client, cast, name):
    client.force_login(cast.staff)
    answers = [served(client, "GET", f"{page}?page=1&next=/", f"text/html; charset={name}")[0] for page in PAGES]
    assert answers == [302, 302, 200, 404]


@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=X"])
@pytest.mark.parametrize("name", CODECS[:-2])
def test_form_in_another_encoding_is_refused_in_words(client, cast, name, kind):
    client.force_login(cast.scholar)
    part = b'--X\r\nContent-Disposition: form-data; name="name"\r\n\r\n+2AA-\\ud800\r\n--X--\r\n'
    body = b"name=%2B2AA-\\ud800" if kind == FORM else part
    status, page = served(client, "POST", "/me/", f"{kind}; charset={name}", body)
    assert (status, "was not sent as UTF-8" in page, "+2AA-\\ud800" in page) == (400, True, True)


@pytest.mark.parametrize(
    "kind", [FORM, f"{FORM}; charset=UTF8", f'{FORM}; charset="utf-8"', f"{FORM}; charset=nobody-knows"]
)
def test_form_in_utf8_by_any_name_is_read(client, cast, kind):
    client.force_login(cast.scholar)
    body = f"name=S%C3%A4nna&time_zone=Europe%2FLondon&_version=1&_key={uuid.uuid4()}"
    assert served(client, "POST", "/me/", kind, body.encode())[0] == 302
    cast.scholar.refresh_from_db()
    assert cast.scholar.name == "Sänna"


@pytest.mark.parametrize(
    "kind", ["charset*=utf-8''%00", "charset*=hex''abc", "charset*=utf-8''%ED%A0%80", "x*=undefined''%41"]
)
def test_content_type_that_cannot_be_read_is_no_error(client, cast, kind):
    assert served(client, "GET", "/accounts/login/", f"text/html; {kind}")[0] == 200


@pytest.mark.parametrize("cookie", COOKIES)
def test_cookie_of_garbage_is_no_session(client, cast, cookie):
    assert {asked(client, page, cookie=cookie) for page in PAGES} == {(False, True)}


@pytest.mark.parametrize(("name", "value"), HEADERS)
def test_header_of_garbage_is_answered(client, cast, name, value):
    client.force_login(cast.staff)
    assert {asked(client, page, **{name: value}) for page in PAGES} == {(False, True)}


def test_forged_host_is_in_no_link(client, cast):
    client.raise_request_exception = False
    for name in ("Host", "X-Forwarded-Host"):
        page = client.get("/accounts/login/", headers={name: "evil.example"})
        assert b"evil.example" not in page.content


TORN = [
    ("multipart/form-data", b"--X"),
    ("multipart/form-data; boundary=", b"--X"),
    ("multipart/form-data; boundary=X", b'--X\r\nContent-Disposition: form-data; name="name"\r\n\r\na'),
    ("multipart/form-data; boundary=X", b'--X\r\nContent-Disposition: form-data; name="a\x00b"\r\n\r\na\r\n--X--\r\n'),
    ("multipart/form-data; boundary=X", b"--X\r\n" + b"A" * 5000 + b"\r\n\r\n--X--\r\n"),
    ("multipart/form-data; boundary=" + "y" * 300, b"--X"),
    ("application/json", b'{"name": "x"}'),
    ("text/plain", b"name=x"),
    ("", b"name=x"),
    (FORM, b"=&==&name&%00=%00&" + b"&".join(b"a%d=1" % n for n in range(1500))),
    (FORM, b"&".join(b"a%d=1" % n for n in range(5000))),
    (FORM, b"%ED%A0%80=%ED%A0%80&\xff=\xff"),
]


@pytest.mark.parametrize(("kind", "body"), TORN)
@pytest.mark.parametrize("page", ["/me/", "/cohorts/import/", "/drafts/", "/accounts/login/code/", "/nonsense/"])
def test_torn_body_is_answered(client, cast, kind, body, page):
    client.raise_request_exception = False
    for person in (cast.staff, None):
        if person:
            client.force_login(person)
        else:
            client.logout()
        answer = client.generic("POST", page, body, content_type=kind)
        assert (answer.status_code < 500, "Content-Security-Policy" in answer.headers) == (True, True)


@pytest.mark.parametrize("length", ["-1", "999999999999", ""])
def test_lying_length_is_answered(client, cast, length):
    client.force_login(cast.staff)
    client.raise_request_exception = False
    answer = client.generic("POST", "/me/", b"name=x", content_type=FORM, CONTENT_LENGTH=length)
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize(
    "path",
    [
        "/%00",
        "/c/%00/",
        "/c/%ED%A0%80/",
        "/%ff%fe",
        f"/c/{'a' * 3000}/",
        "//evil.example/",
        "/\\evil",
        "/c/x%0d%0aSet-Cookie:a/",
        "/static/..%2f..%2fmanage.py",
        "/static/%00",
        "/people/00000000-0000-0000-0000-00000000000G/",
        "/c/%E2%80%AE/",
        "/me//",
        "/cohorts/import/..%2Fpeople.csv",
        "/me",
        "/accounts/login",
    ],
)
def test_odd_path_is_answered(client, cast, path):
    client.force_login(cast.staff)
    client.raise_request_exception = False
    answer = client.generic("GET", path)
    assert answer.status_code in {200, 301, 302, 404}
    assert not answer.headers.get("Location", "/").startswith(("//", "http"))
