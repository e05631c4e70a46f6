# Sourced by the other scripts: where the project is, and words for people.
set -eu
cd "$(dirname "$0")/.."

say() { printf '==> %s\n' "$*" >&2; }

fail() {
  printf 'drover: %s\n' "$*" >&2
  exit 1
}
