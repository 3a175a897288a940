#!/bin/sh
# Runs a command with another beside it: beside.sh 'BESIDE' MAIN...; both end when MAIN does, or
# when this is told to.
set -u

sh -c "exec $1" &
beside=$!
shift
"$@" &
main=$!
trap 'kill "$main" "$beside" 2>/dev/null' INT TERM HUP

wait "$main"
code=$?
# A signal ends the waiting early: what the server was answering it still answers.
while kill -0 "$main" 2>/dev/null; do
  wait "$main"
  code=$?
done
kill "$beside" 2>/dev/null
wait "$beside"
exit "$code"
