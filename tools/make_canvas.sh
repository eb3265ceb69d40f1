#!/usr/bin/env bash
# Build the canvas (dashboards/canvas/dist) from the locked npm packages. Without a network, what was built
# before serves on.
set -euo pipefail
venv=$(realpath "$1")
here=$(cd "$(dirname "$0")/.." && pwd)
canvas=$here/dashboards/canvas
packages=$venv/canvas
source "$here/tools/node_packages.sh"

if find_node "$venv" && install_packages "$canvas" "$packages"; then
  "${node[@]}" "$canvas/build.mjs" "$packages/node_modules" "$canvas/dist"
elif [ -f "$canvas/dist/LICENCES.txt" ]; then
  echo "The canvas could not be built anew (no Node or no npm packages); the one built before stays." >&2
else
  echo "The canvas could not be built: Node or its npm packages could not be fetched. Pages show tables" \
    "instead; run make env again when there is a network." >&2
fi
