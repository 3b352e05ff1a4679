#!/bin/sh
# Lock the dependencies with hashes; plain pip can install the result. Names no registry.
set -eu
cd "$(dirname "$0")/.."
lock="uv pip compile -q --generate-hashes --no-header --no-emit-index-url --python-version 3.11 --universal pyproject.toml"
PATH=".venv/bin:$PATH"
$lock "$@" -o requirements/main.txt
$lock "$@" --extra test -c requirements/main.txt -o requirements/test.txt
$lock "$@" --extra test --extra slow -c requirements/test.txt -o requirements/slow.txt
