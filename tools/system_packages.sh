#!/usr/bin/env bash
# What the tests need from the system, from Debian's packages where we may install: chromium and Chinese
# fonts for the browser tests, Java and Maven for those with a real Neo4j, PostgreSQL for those of the store
# of decisions. Whatever is missing in the end
# is named with the tests that will not run, a line each; in CI that is a failure.
set -uo pipefail
oldest_java=17
pieces=(chromium fonts java maven postgresql)
browser="the browser tests (tests/journeys)"
neo4j="the tests with a real Neo4j (pytest -m neo4j)"
postgresql="the tests of the store of decisions on PostgreSQL (tests/casework)"
declare -A packages=([chromium]=chromium [fonts]="fontconfig fonts-noto-cjk" [java]=default-jre-headless [maven]=maven [postgresql]=postgresql)
declare -A tests=([chromium]=$browser [fonts]="$browser that look at Chinese glyphs" [java]=$neo4j [maven]=$neo4j [postgresql]=$postgresql)
why=""

# Each sets `why` and fails where its piece is not there.
has_chromium() {
  why="chromium is not installed"
  command -v chromium >/dev/null
}
has_fonts() {
  why="no font with Chinese glyphs is installed (fc-list :lang=zh)"
  fc-list :lang=zh 2>/dev/null | grep -q .
}
has_java() {
  local java=${JAVA_HOME:+$JAVA_HOME/bin/java}
  [ -n "$java" ] || java=$(command -v java) || { why="Java is not installed"; return 1; }
  why="JAVA_HOME holds no Java ($java)"
  local said
  said=$("$java" -version 2>&1) || return 1
  [[ $said =~ version\ \"([0-9]+) ]] || return 1
  why="$java is Java ${BASH_REMATCH[1]}, and $oldest_java or newer is needed"
  [ "${BASH_REMATCH[1]}" -ge $oldest_java ]
}
has_maven() {
  local kept=("${HUANCHA_NEO4J_CACHE:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/huancha}"/{lib,neo4j-*/lib})
  local folder
  for folder in "${kept[@]}"; do [ -d "$folder" ] && return; done
  why="Maven is not installed, and it fetches Neo4j's jars"
  command -v mvn >/dev/null
}
has_postgresql() {
  why="PostgreSQL is not installed"
  compgen -G "${HUANCHA_POSTGRESQL:-/usr/lib/postgresql/*/bin}/initdb" >/dev/null
}

lacking() {
  local piece
  missing=()
  for piece in "${pieces[@]}"; do "has_$piece" || missing+=("$piece"); done
}

install() {
  local root="" piece
  [ "$(id -u)" = 0 ] || root="sudo -n"
  command -v apt-get >/dev/null || { refused="this system has no apt-get"; return; }
  $root true 2>/dev/null || { refused="we are neither root nor allowed sudo"; return; }
  $root apt-get update -q >/dev/null 2>&1
  refused="apt-get could not install it"
  for piece in "${missing[@]}"; do
    # shellcheck disable=SC2086
    $root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -q --no-install-recommends ${packages[$piece]} >/dev/null 2>&1
  done
}

lacking
[ ${#missing[@]} -eq 0 ] && exit 0
install
lacking
for piece in "${missing[@]}"; do
  "has_$piece"
  echo "$why, and $refused: ${tests[$piece]} will not run. Install ${packages[$piece]}." >&2
done
[ ${#missing[@]} -eq 0 ] || [ "${CI:-}" != true ]
