"""An S3 to store in: as much of the protocol over HTTP as keeping, fetching, listing and deleting take."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

BUCKET = "klimaspor"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    @property
    def asked(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.path).query, keep_blank_values=True)

    def log_message(self, *args: object) -> None:
        pass

    @property
    def key(self) -> str:
        return unquote(urlsplit(self.path).path).removeprefix(f"/{BUCKET}").lstrip("/")

    def do_PUT(self) -> None:
        self.server.signatures.add(self.headers["Authorization"].partition(" ")[0])
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if part := self.asked.get("partNumber"):
            self.server.parts[self.key, int(part[0])] = content
        else:
            self.server.kept[self.key] = content, datetime.now(UTC)
        self._say(200, etag=content)

    def do_POST(self) -> None:
        """Begin or end an upload in parts, as large files come."""
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        if "uploads" in self.asked:
            say = "<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>"
        else:
            numbers = sorted(number for key, number in self.server.parts if key == self.key)
            content = b"".join(self.server.parts.pop((self.key, number)) for number in numbers)
            self.server.kept[self.key] = content, datetime.now(UTC)
            say = "<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>"
        self._say(200, say.encode(), kind="application/xml")

    def do_GET(self) -> None:
        if not self.key:
            self._say(200, self._listing().encode(), kind="application/xml")
        elif self.key in self.server.kept:
            content, at = self.server.kept[self.key]
            if asked := self.headers.get("Range"):
                first, _, last = asked.removeprefix("bytes=").partition("-")
                start, end = int(first), min(int(last or len(content)) + 1, len(content))
                within = f"bytes {start}-{end - 1}/{len(content)}"
                self._say(206, content[start:end], etag=content, at=at, within=within)
            else:
                self._say(200, content, etag=content, at=at)
        else:
            self._say(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def do_HEAD(self) -> None:
        if self.key in self.server.kept:
            content, at = self.server.kept[self.key]
            self._say(200, content, etag=content, at=at)
        else:
            self._say(404)

    def do_DELETE(self) -> None:
        self.server.kept.pop(self.key, None)
        self._say(204)

    def _listing(self) -> str:
        prefix = self.asked.get("prefix", [""])[0]
        below = [key for key in sorted(self.server.kept) if key.startswith(prefix)]
        folders = {
            prefix + key[len(prefix) :].partition("/")[0] + "/"
            for key in below
            if "/" in key[len(prefix) :]
        }
        files = [key for key in below if "/" not in key[len(prefix) :]]
        lines = [f"<Contents><Key>{escape(key)}</Key></Contents>" for key in files]
        lines += [
            f"<CommonPrefixes><Prefix>{escape(one)}</Prefix></CommonPrefixes>"
            for one in sorted(folders)
        ]
        return (
            f"<ListBucketResult><IsTruncated>false</IsTruncated>{''.join(lines)}</ListBucketResult>"
        )

    def _say(
        self,
        status: int,
        content: bytes = b"",
        *,
        kind: str = "application/octet-stream",
        etag: bytes | None = None,
        at: datetime | None = None,
        within: str = "",
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        if etag is not None:
            self.send_header("ETag", f'"{hashlib.sha256(etag).hexdigest()}"')
        if within:
            self.send_header("Content-Range", within)
        if at:
            self.send_header("Last-Modified", format_datetime(at, usegmt=True))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.kept: dict[str, tuple[bytes, datetime]] = {}
        """What is stored, by its key, and since when."""
        self.parts: dict[tuple[str, int], bytes] = {}
        self.signatures: set[str] = set()


@contextlib.contextmanager
def s3() -> Iterator[tuple[Server, str]]:
    """Run one on a port of this machine, and give its address."""
    with Server() as server:
        running = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        running.start()
        try:
            yield server, f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            running.join(5)
