#!/bin/sh
# Runs a tool of .venv, wherever the system puts it there, for the hooks of git, which know no .venv:
# `scripts/in_venv.sh ruff check`.
for folder in .venv/bin .venv/Scripts; do
  if [ -d "$folder" ]; then
    tool="$folder/$1"
    shift
    exec "$tool" "$@"
  fi
done
echo "There is no .venv here: make install" >&2
exit 2
