#!/usr/bin/env bash
# Lay the fonts of the PDF papers (casework/fonts/dist) from the locked npm packages. Without a network,
# what was laid before serves on, and without it the machine's Chinese fonts do.
set -euo pipefail
venv=$(realpath "$1")
here=$(cd "$(dirname "$0")/.." && pwd)
fonts=$here/casework/fonts
packages=$venv/fonts
source "$here/tools/node_packages.sh"

if find_node "$venv" && install_packages "$fonts" "$packages"; then
  (cd "$here" && "$venv/bin/python" -m tools.lay_fonts "$packages/node_modules" "$fonts/dist")
  rm -rf "$packages"
elif [ -f "$fonts/dist/LICENCES.txt" ]; then
  echo "The fonts could not be laid anew (no Node or no npm packages); those laid before stay." >&2
else
  echo "The fonts of PDF papers could not be fetched; the machine's own serve where it has Chinese ones." \
    "Run make env again when there is a network." >&2
fi
