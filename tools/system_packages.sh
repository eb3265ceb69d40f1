#!/usr/bin/env bash
# What the tests need from the system, from Debian's packages where we may install: chromium and Chinese
# fonts for the browser tests, Java and Maven for those with a real Neo4j.
set -uo pipefail
missing=()
command -v chromium >/dev/null || missing+=(chromium)
fc-list :lang=zh 2>/dev/null | grep -q . || missing+=(fonts-noto-cjk)
command -v java >/dev/null || [ -x "${JAVA_HOME:-}/bin/java" ] || missing+=(default-jre-headless)
command -v mvn >/dev/null || missing+=(maven)
[ ${#missing[@]} -eq 0 ] && exit 0
root=""
[ "$(id -u)" = 0 ] || root="sudo -n"
if command -v apt-get >/dev/null && $root true 2>/dev/null; then
  $root apt-get update -q >/dev/null && $root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null && exit 0
fi
echo "Not installed: ${missing[*]}. The tests that need them will not run and say so." >&2
[ "${CI:-}" != true ]
