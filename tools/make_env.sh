#!/usr/bin/env bash
# Lay the virtual environment: locked dependencies by hash, then this project in editable form.
set -euo pipefail
venv=$1
python=${PYTHON:-python3}
root=""
[ "$(id -u)" = 0 ] || root="sudo -n"

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "huancha needs Python 3.11 or newer; $("$python" --version) was found. Set PYTHON=/path/to/python3." >&2
  exit 1
}
if [ ! -x "$venv/bin/pip" ]; then
  rm -rf "$venv"
  if ! "$python" -m venv "$venv" 2>/dev/null; then
    # Debian ships venv apart from Python.
    rm -rf "$venv"
    echo "python3-venv is missing; installing it" >&2
    $root apt-get update -q >/dev/null && $root apt-get install -y -q python3-venv >/dev/null || {
      echo "Please install the venv module for $python (Debian: python3-venv) and run make again." >&2
      exit 1
    }
    "$python" -m venv "$venv"
  fi
fi
"$venv/bin/pip" install -q --disable-pip-version-check --require-hashes -r requirements.txt
"$venv/bin/pip" install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
