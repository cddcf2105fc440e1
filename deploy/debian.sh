#!/bin/bash
# Makes a Debian package of both programs, the unit and the configuration:
#
#     make build && deploy/debian.sh
#     apt install ./.build/berth_*.deb && systemctl enable --now berthd
#
# PROGRAMS names another folder to take the programs from, OUTPUT another to write to, VERSION another version.
set -euo pipefail
cd "$(dirname "$0")/.."

programs=${PROGRAMS:-.build/release}
output=${OUTPUT:-.build}
version=${VERSION:-0~$(git log -1 --date=format:%Y%m%d --format=%cd.%h)}
architecture=$(dpkg --print-architecture)

for program in berthd berth berth-monitor; do
    [ -x "$programs/$program" ] || {
        echo "debian.sh: $programs/$program is missing; run 'make build' first" >&2
        exit 1
    }
done
command -v dpkg-shlibdeps >/dev/null || {
    echo "debian.sh: dpkg-shlibdeps is missing; install the package dpkg-dev" >&2
    exit 1
}

work=$(mktemp --directory)
trap 'rm -rf "$work"' EXIT
root=$work/root

install -D --mode 755 --strip --target-directory "$root/usr/bin" "$programs/berthd" "$programs/berth"
install -D --mode 755 --strip --target-directory "$root/usr/libexec/berth" "$programs/berth-monitor"
install -D --mode 644 --target-directory "$root/usr/lib/systemd/system" deploy/berthd.service deploy/berth-containers.service
install -D --mode 644 --target-directory "$root/etc/berth" config/berthd.yaml
install -D --mode 644 --target-directory "$root/usr/share/doc/berth" README.md
install -D --mode 644 LICENSE "$root/usr/share/doc/berth/copyright"

# What the programs are linked with, in this Debian's words. It reads debian/control, whatever that says.
mkdir "$work/debian"
printf 'Source: berth\n\nPackage: berth\nArchitecture: any\n' >"$work/debian/control"
depends=$(cd "$work" && dpkg-shlibdeps --ignore-missing-info -O root/usr/bin/berthd root/usr/bin/berth root/usr/libexec/berth/berth-monitor 2>shlibdeps.log) || {
    cat "$work/shlibdeps.log" >&2
    exit 1
}
depends=${depends#shlibs:Depends=}

mkdir "$root/DEBIAN"
cat >"$root/DEBIAN/control" <<EOF
Package: berth
Version: $version
Architecture: $architecture
Maintainer: The Berth authors <berth@localhost>
Installed-Size: $(du --summarize --apparent-size --block-size 1024 "$root" | cut --fields 1)
Depends: $depends
Suggests: uidmap
Section: admin
Priority: optional
Description: container image registry, and the client that goes with it
 berthd serves images to docker, podman, containerd and every other client of
 the OCI distribution specification. berth pulls, pushes and copies images, and
 runs them without a daemon.
EOF
echo /etc/berth/berthd.yaml >"$root/DEBIAN/conffiles"

# Nothing is started unasked; what runs goes on with the new program, and ends when the package goes.
cat >"$root/DEBIAN/postinst" <<'EOF'
#!/bin/sh
set -e
if [ "$1" = configure ] && [ -d /run/systemd/system ]; then
    systemctl daemon-reload
    if [ -n "$2" ]; then systemctl try-restart berthd.service; fi
fi
EOF
cat >"$root/DEBIAN/prerm" <<'EOF'
#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then systemctl disable --now --quiet berthd.service; fi
EOF
chmod 755 "$root/DEBIAN/postinst" "$root/DEBIAN/prerm"

package=$output/berth_${version}_$architecture.deb
mkdir -p "$output"
# Packed in a second rather than minutes.
dpkg-deb --root-owner-group -Zgzip --build "$root" "$package"
