#!/bin/bash
# Takes an image all the way round: into a registry that this script starts, and out again into a running container.
# The registry stays up; the last lines say how to try more and how to stop it.
set -euo pipefail
cd "$(dirname "$0")/.."

demo=$PWD/.build/demo
berth=.build/release/berth
berthd=.build/release/berthd
rootfs=

step() { printf '\n==> %s\n' "$*"; }
show() {
    local word line='$'
    for word in "$@"; do
        if [[ $word == *[!A-Za-z0-9_/.:=@-]* ]]; then word="'$word'"; fi
        line+=" $word"
    done
    echo "$line"
    "$@"
}
stop_earlier_server() {
    local pid
    pid=$(cat "$demo/berthd.pid" 2>/dev/null) || return 0
    if [ "$(readlink "/proc/$pid/exe" 2>/dev/null)" = "$(readlink -f "$berthd")" ]; then
        echo "Stopping the registry of an earlier demo (process $pid)."
        kill "$pid"
            while readlink "/proc/$pid/exe" >/dev/null 2>&1; do sleep 0.1; done
    fi
    rm -f "$demo/berthd.pid"
}
port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
cleanup() { if [ -n "$rootfs" ]; then rm -rf "$rootfs"; fi; }
trap cleanup EXIT

step "Install what is missing"
Tests/install-packages.sh demo

step "Build berthd and berth in release mode (the first time takes several minutes)"
make --no-print-directory build

step "Start the registry"
mkdir -p "$demo"
stop_earlier_server
rm -f "$demo/berthd.out"
port=5000
port_is_free "$port" || { echo "Port 5000 is taken; another free one will do."; port=0; }
setsid "$berthd" serve --listen "127.0.0.1:$port" --data "$demo/registry" \
    >"$demo/berthd.out" 2>"$demo/berthd.log" </dev/null &
pid=$!
echo "$pid" >"$demo/berthd.pid"
for _ in $(seq 100); do
    registry=$(sed -n 's|^berthd listens on http://||p' "$demo/berthd.out")
    if [ -n "$registry" ]; then break; fi
    if ! kill -0 "$pid" 2>/dev/null; then
        cat "$demo/berthd.log" >&2
        exit 1
    fi
    sleep 0.1
done
if [ -z "$registry" ]; then
    echo "berthd did not start in 10 seconds; its log is $demo/berthd.log" >&2
    exit 1
fi
echo "berthd listens on http://$registry, keeps its data in $demo/registry and logs to $demo/berthd.log"
registry=localhost:${registry##*:}
image=$registry/demo/busybox:latest

step "Make an image of Debian's busybox-static"
rootfs=$(mktemp -d)
mkdir -p "$rootfs"/{bin,dev,etc,proc,root,sys,tmp}
cp "$(command -v busybox)" "$rootfs/bin/busybox"
"$rootfs/bin/busybox" --list | grep -vx busybox | while read -r applet; do ln -s busybox "$rootfs/bin/$applet"; done
echo 'root:x:0:0:root:/root:/bin/sh' >"$rootfs/etc/passwd"
echo 'root:x:0:' >"$rootfs/etc/group"
show "$berth" import --change 'CMD ["sh"]' --change 'ENV PATH=/bin' "$rootfs" "$image"

step "Push it, delete the local copy, and pull it back"
show "$berth" push "$image"
show "$berth" rmi "$image"
show "$berth" pull "$image"
show "$berth" images

step "Run it"
show "$berth" run --rm "$image" sh -c 'echo "Hello from process $$ on $(hostname), Linux $(uname -r)"; ls /'

as_root=
if [ "$(id -u)" != 0 ]; then as_root='sudo '; fi
cat <<END

It works, and the registry is still up. Try next:

    $berth run -it --rm $image
    skopeo inspect --tls-verify=false docker://$image
    ${as_root}podman run --rm --tls-verify=false $image echo "hello, podman"
    ${as_root}docker pull $image && ${as_root}docker run --rm $image echo "hello, docker"
    curl http://$registry/v2/demo/busybox/tags/list

Stop it with:

    kill $pid
END
