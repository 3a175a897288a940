#!/bin/sh
# Proves the README's two commands in a clone, on a PATH with hardly more than Python, git and make.
# FRESH_TESTS: arguments for pytest, to run less than all of the tests while trying this script.
set -eu

# Neither PostgreSQL nor Chromium nor Node nor curl. A machine's own package manager stays, for
# installing a browser as root is one of the ways the tests document; uv stays where it is there.
TOOLS="sh env make git uv apt-get dpkg
  awk basename cat chmod cmp cp cut date dirname expand find grep gzip head kill ln ls mkdir mktemp mv
  readlink rm rmdir sed sleep sort tail tar tee test touch tr true uname wc"

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
server=

stop() {
  test -z "$server" || { kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }
  server=
}
leave() {
  code=$?
  stop
  rm -rf "$work"
  exit "$code"
}
trap leave EXIT
trap 'exit 130' INT TERM

step() { printf '\n== %s\n' "$*"; }
fail() {
  printf 'FAILED: %s\n' "$*" >&2
  test ! -f "$work/demo.log" || cat "$work/demo.log" >&2
  exit 1
}

step "a PATH of its own"
python=$(python3 -c 'import os, sys; print(os.path.realpath(sys.executable))')
mkdir "$work/bin"
ln -s "$python" "$work/bin/python3"
for tool in $TOOLS; do
  found=$(command -v "$tool" || true)
  case "$found" in /*) ln -s "$found" "$work/bin/$tool" ;; esac
done
PATH=$work/bin
export PATH
unset MAKEFLAGS MAKELEVEL MFLAGS PORT HOST WORKERS VIRTUAL_ENV PYTHONPATH BROWSER_PATH \
  DATABASE_URL TEST_DATABASE_URL SECRET_KEY SECRET_KEY_FILE FLASK_APP FLASK_DEBUG
for hidden in postgres psql initdb chromium google-chrome node npm curl; do
  if command -v "$hidden" >/dev/null; then fail "$hidden is still on PATH"; fi
done
ls "$work/bin" | tr '\n' ' '

step "git clone"
git clone -q "$root" "$work/clone"
cd "$work/clone"
git log -1 --oneline

port=$(python3 -c 'import socket
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    print(probe.getsockname()[1])')

# Serves the demo in the background; returns once it is ready, with the seconds that took.
demo() {
  began=$(date +%s)
  make demo PORT="$port" >"$work/demo.log" 2>&1 &
  server=$!
  until python3 -c "import json, urllib.request as ask
assert json.load(ask.urlopen('http://localhost:$port/ready'))['jobs'] == 'running'" 2>/dev/null; do
    kill -0 "$server" 2>/dev/null || fail "make demo has ended"
    test $(($(date +%s) - began)) -lt 600 || fail "make demo is not ready after 10 minutes"
    sleep 1
  done
  took=$(($(date +%s) - began))
  cat "$work/demo.log"
  printf 'ready after %s s\n' "$took"
}

# All but when the jobs last went round.
dump() {
  python3 -c 'import sqlite3
for line in sqlite3.connect("var/demo.sqlite").iterdump():
    if not line.startswith("INSERT INTO \"server_meta\""):
        print(line)'
}

step "make demo, the first time"
demo
step "a login"
python3 - "$port" <<'LOGIN' || fail "no login"
import json, sys
import urllib.request as ask

sent = {"email": "patient@demo.example", "password": "demo-interlude"}
url = f"http://localhost:{sys.argv[1]}/v1/auth/login"
request = ask.Request(url, json.dumps(sent).encode(), {"Content-Type": "application/json"})
user = json.load(ask.urlopen(request))["user"]
print(user["role"], user["display_name"])
LOGIN
stop
dump >"$work/before.sql"

step "make demo, the second time"
demo
stop
test "$took" -le 60 || fail "the second run took $took s"
dump >"$work/after.sql"
cmp "$work/before.sql" "$work/after.sql" || fail "the second run changed data"
printf 'the same %s lines of data\n' "$(wc -l <"$work/after.sql")"

step "make test ${FRESH_TESTS:-}"
PYTEST_ADDOPTS=${FRESH_TESTS:-} make test || fail "make test"

step "both commands work on a fresh machine"
