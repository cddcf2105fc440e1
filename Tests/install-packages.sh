#!/bin/bash
# Installs what this project needs from Debian's packages: what it is built with; when the first argument is `demo`,
# also what the demo makes an image of; when it is `tests`, also the programs that its tests run it against; when it
# is `bench`, those that it is measured with and against.
# Asks nothing, and does nothing where all is there already.
set -euo pipefail

build=(
    libarchive-dev libbz2-dev libisal-dev liblzma-dev libseccomp-dev libsqlite3-dev libssl-dev libz-dev libzstd-dev
    pkg-config
)
tests=(
    attr buildah busybox-static bzip2 ca-certificates chromium chromium-driver containerd crun curl docker-registry
    docker.io fish gcc iproute2 iptables jq libc6-dev libcap2-bin nginx openssl passt podman procps python3
    python3-venv runc skopeo slirp4netns tinyproxy-bin uidmap umoci util-linux xz-utils zsh zstd
)
bench=(
    busybox-static ca-certificates coreutils crun docker-registry docker.io nginx podman runc skopeo sqlite3 util-linux
    wrk
)

packages=("${build[@]}")
case "${1:-}" in
demo) packages+=(busybox-static) ;;
tests) packages+=("${tests[@]}") ;;
bench) packages+=("${bench[@]}") ;;
esac

is_installed() {
    # What newer Debian calls libz-dev, older Debian calls zlib1g-dev.
    if [ "$1" = libz-dev ] && is_installed zlib1g-dev; then return; fi
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=()
for package in "${packages[@]}"; do
    is_installed "$package" || missing+=("$package")
done
# Since Debian 13 the docker client is a package of its own.
if [[ "${1:-}" =~ ^(tests|bench)$ ]] && ! command -v docker >/dev/null && is_installed docker.io; then
    missing+=(docker-cli)
fi
if [ "${#missing[@]}" = 0 ]; then
    exit 0
fi

as_root=()
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || {
        echo "install-packages.sh: ${missing[*]} are missing; install them as root, or install sudo" >&2
        exit 1
    }
    as_root=(sudo)
fi

# Debian starts a service as soon as it is installed. The tests start what they need themselves, so the services that
# come with this installation, and only those, are stopped again.
services=(docker.socket docker.service containerd.service docker-registry.service nginx.service podman.socket podman.service)
known_services() {
    [ -d /run/systemd/system ] || return 0
    systemctl list-unit-files --no-legend "${services[@]}" 2>/dev/null | awk '{ print $1 }'
}
services_before=$(known_services)

apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0)

echo "Installing Debian packages: ${missing[*]}"
"${apt[@]}" update
"${apt[@]}" -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
    install --yes --no-install-recommends "${missing[@]}"
if [[ "${1:-}" =~ ^(tests|bench)$ ]] && ! command -v docker >/dev/null; then
    "${apt[@]}" install --yes --no-install-recommends docker-cli
fi
for service in $(known_services); do
    grep -qxF "$service" <<<"$services_before" || "${as_root[@]}" systemctl --quiet disable --now "$service"
done
