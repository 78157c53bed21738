"""A small service to sign in through, on loopback: discovery, a page that sends on to another host, tokens and who it is."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENT, SECRET = "klimaspor", "a secret of the client that is long enough to sign with"


class Service(ThreadingHTTPServer):
    """What it answers of whoever signs in is `person`; each code is good once, and with its verifier."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.person: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def elsewhere(self) -> str:
        """The same machine by another name: to a browser another host."""
        return f"http://localhost:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        path, asked = urlsplit(self.path).path, dict(parse_qsl(urlsplit(self.path).query))
        here = self.server.url
        if path == "/.well-known/openid-configuration":
            self.answer(
                {
                    "issuer": here,
                    "authorization_endpoint": f"{here}/authorize",
                    "token_endpoint": f"{here}/token",
                    "userinfo_endpoint": f"{here}/userinfo",
                    "jwks_uri": f"{here}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            )
        elif path == "/authorize":
            self.send_on(f"{self.server.elsewhere}/sign-in?{urlencode(asked)}")
        elif path == "/sign-in":
            code = f"code-{len(self.server.codes)}"
            self.server.codes[code] = asked
            back = urlencode({"code": code, "state": asked["state"]})
            self.send_on(f"{asked['redirect_uri']}?{back}")
        elif path == "/userinfo" and self.headers["Authorization"] == "Bearer token":
            self.answer(self.server.person)
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        given = {name: values[0] for name, values in sent.items()}
        asked = self.server.codes.pop(given["code"])
        digest = hashlib.sha256(given["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (given["client_id"], given["client_secret"], challenge) != (
            CLIENT,
            SECRET,
            asked["code_challenge"],
        ):
            self.send_error(400)
            return
        claims = {"iss": self.server.url, "aud": CLIENT, "exp": 4102444800, "iat": 1}
        token = jwt.encode({**claims, **self.server.person}, SECRET, algorithm="HS256")
        self.answer({"access_token": "token", "token_type": "Bearer", "id_token": token})

    def answer(self, said: dict[str, Any]) -> None:
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_on(self, url: str) -> None:
        self.send_response(302)
        self.send_header("Location", url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name in the base
        """Say nothing."""


@contextlib.contextmanager
def running() -> Iterator[Service]:
    with Service() as service:
        thread = threading.Thread(target=service.serve_forever)
        thread.start()
        try:
            yield service
        finally:
            service.shutdown()
            thread.join()
