import Foundation
import SystemPackage

/// An image of Debian's static busybox alone.
enum TinyImage {
    static let name = "localhost/bench/tiny:1"
    static let archive = "image.tar"
    /// The same as a folder, for the runtimes by themselves.
    static let root = "root"

    static func make(in folder: FilePath, with berth: String) throws {
        let root = folder.appending(Self.root)
        let script = """
            set -e; mkdir -p "$1/bin" "$1/etc" "$1/dev" "$1/proc" "$1/sys" "$1/tmp"; cp "$(command -v busybox)" "$1/bin"
            for name in true sleep sh; do ln -s busybox "$1/bin/$name"; done
            echo 'root:x:0:0:root:/:/bin/sh' > "$1/etc/passwd"; echo 'root:x:0:' > "$1/etc/group"
            """
        try Program.run("sh", "-c", script, "sh", root.string)
        let command = [berth, "--root", folder.appending("store").string]
        try TimedRun(command + ["import", root.string, name])
        try TimedRun(command + ["save", "-o", folder.appending(archive).string, name])
    }
}
