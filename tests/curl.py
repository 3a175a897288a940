"""The few options of curl that the README uses, for a machine without it."""

import http.client
import sys
from pathlib import Path
from urllib.parse import urlsplit


def main(words: list[str]) -> None:
    """`-s -D - -o FILE -X METHOD -H HEADER... -d BODY URL`, as curl takes them."""
    told: dict[str, str] = {}
    headers: dict[str, str] = {}
    address = ""
    rest = iter(words)
    for word in rest:
        if word == "-H":
            name, _, value = next(rest).partition(":")
            headers[name] = value.strip()
        elif word in ("-D", "-o", "-X", "-d"):
            told[word] = next(rest)
        elif word != "-s":
            address = word
    _send(told, headers, address)


def _send(told: dict[str, str], headers: dict[str, str], address: str) -> None:
    url = urlsplit(address)
    path = f"{url.path}?{url.query}" if url.query else url.path
    connection = http.client.HTTPConnection(url.netloc)
    body = told["-d"].encode() if "-d" in told else None
    connection.request(told["-X"], path, body, headers)
    answer = connection.getresponse()
    lines = [f"HTTP/1.1 {answer.status} {answer.reason}", *map(": ".join, answer.getheaders())]
    sys.stdout.write("\r\n".join([*lines, "", ""]))
    if content := answer.read():
        Path(told["-o"]).write_bytes(content)
    connection.close()


if __name__ == "__main__":
    main(sys.argv[1:])
