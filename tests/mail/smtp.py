"""A mail server of a few lines, so that what goes over a real wire can be read."""

import email
import email.policy
import socketserver
import threading
from email.message import EmailMessage
from types import TracebackType
from typing import Self


class _Conversation(socketserver.StreamRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        self.server.conversations += 1
        self.say(self.server.refusal(b"") or "220 ready")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if refusal := self.server.refusal(line):
                if refusal == HANG_UP:
                    return
                self.say(refusal)
            elif verb == b"DATA":
                self.say("354 go on")
                self.take()
                self.say("250 taken")
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.server.taken.append(message)
        self.server.taking.set()
        self.server.may_answer.wait(30)


HANG_UP = "hang up"


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.taken: list[EmailMessage] = []
        self.conversations = 0
        self.refusals: dict[str, str] = {}
        self.taking = threading.Event()
        self.may_answer = threading.Event()
        self.may_answer.set()

    def refusal(self, line: bytes) -> str:
        """Give the answer to a line that is refused; the first line of all is the empty one."""
        said = line.decode().lower()
        for start, answer in self.refusals.items():
            if said.startswith(start.lower()) if start else not said:
                return answer
        return ""


class MailServer:
    """Takes every letter; holds back its answer while `hold()` is in force."""

    def __enter__(self) -> Self:
        self._server = _Server()
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.may_answer.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def refuse(self, **answers: str) -> None:
        """Answer lines that begin like this so from now on: `rcpt="450 later"`; an address comes after a "_to_"."""
        self._server.refusals = {
            name.upper().replace("RCPT_TO_", "RCPT TO:<").replace("CALL", ""): answer
            for name, answer in answers.items()
        }

    @property
    def conversations(self) -> int:
        return self._server.conversations

    @property
    def taken(self) -> list[EmailMessage]:
        return self._server.taken

    def hold(self) -> None:
        self._server.taking.clear()
        self._server.may_answer.clear()

    def let_go(self) -> None:
        self._server.may_answer.set()

    def wait_for_letter(self) -> bool:
        return self._server.taking.wait(60)
