"""Sends prepared requests over kept-alive connections and times each; plain sockets, no client."""

import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass


class Refused(Exception):
    """An answer other than 2xx or 304: a benchmark of errors measures nothing."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Requests a second over all connections, and each request's milliseconds, sorted."""

    per_second: float
    milliseconds: tuple[float, ...]

    def percentile(self, share: float) -> float:
        return self.milliseconds[
            min(int(share * len(self.milliseconds)), len(self.milliseconds) - 1)
        ]


def fire(port: int, requests: Sequence[bytes], connections: int) -> Timing:
    """All requests, dealt out over the connections, each sending its next on the last's answer."""
    spent: list[list[float]] = [[] for _ in range(connections)]
    failures: list[BaseException] = []
    gate = threading.Barrier(connections + 1)

    def work(number: int) -> None:
        try:
            with socket.create_connection(("127.0.0.1", port)) as line:
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                gate.wait()
                for request in requests[number::connections]:
                    started = time.perf_counter()
                    _exchange(line, request)
                    spent[number].append((time.perf_counter() - started) * 1000)
        except BaseException as failure:  # noqa: BLE001 (told by the caller's thread)
            failures.append(failure)
            gate.abort()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    gate.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - started
    if failures:
        raise failures[0]
    every = sorted(value for values in spent for value in values)
    return Timing(len(every) / elapsed, tuple(every))


def _exchange(line: socket.socket, request: bytes) -> None:
    line.sendall(request)
    received = b""
    while b"\r\n\r\n" not in received:
        received += _more(line)
    head, _, body = received.partition(b"\r\n\r\n")
    if head.startswith(b"HTTP/1.1 304"):
        return  # which has no body
    lowered = head.lower()
    start = lowered.index(b"content-length:") + len(b"content-length:")
    length = int(lowered[start:].split(b"\r\n", 1)[0])
    while len(body) < length:
        body += _more(line)
    if not head.startswith(b"HTTP/1.1 2"):
        raise Refused(head.splitlines()[0].decode())


def _more(line: socket.socket) -> bytes:
    received = line.recv(65_536)
    if not received:
        raise Refused("the connection was closed")
    return received
