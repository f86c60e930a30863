#!/bin/sh
# Is docker-compose.yml sound, and do the images build? Each as far as its tool is here.
#   BASE_IMAGE=localhost/base BUILD_OPTIONS="--pull=never --isolation chroot" sh infra/images/check.sh [service …]
set -eu
cd "$(dirname "$0")/../.."

module_of() {
    case $1 in
    relay) echo "shared.outbox.relay, shared.migrations.run" ;;
    api) echo "services.api.app, services.api.worker" ;;
    *) echo "services.$1.worker" ;;
    esac
}

env_file=$(mktemp)
trap 'rm -f "$env_file"' EXIT
python=.venv/bin/python
[ -x "$python" ] || python=python3
"$python" -m infra.local new-env https://check.example.org > "$env_file"

if command -v docker-compose >/dev/null; then
    docker-compose --env-file "$env_file" config --quiet && echo "docker-compose.yml: sound"
else
    echo "docker-compose.yml: not checked (no docker-compose here)"
fi

if ! command -v buildah >/dev/null; then
    echo "images: not built (no buildah here)"
    exit 0
fi
[ $# -gt 0 ] || set -- relay notifier api matcher
for service in "$@"; do
    # shellcheck disable=SC2086 # options are words of their own
    buildah bud --format docker ${BASE_IMAGE:+--build-arg "BASE_IMAGE=$BASE_IMAGE"} ${BUILD_OPTIONS:-} \
        --file "infra/images/$service.Dockerfile" --tag "belay/$service" .
    container=$(buildah from --pull=never "belay/$service")
    # The packages are complete, those that are only loaded when the queue is reached among them, and the code is there.
    buildah run --env BELAY_ENVIRONMENT=test "$container" -- python -c "import kombu.transport.redis, $(module_of "$service")"
    buildah rm "$container" >/dev/null
    echo "image belay/$service: built, and its program loads"
done
