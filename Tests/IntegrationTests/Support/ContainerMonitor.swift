import Glibc
import SystemPackage

/// The monitors of containers that `berth` has started.
enum ContainerMonitor {
    /// The process numbers of the monitors whose containers lie below `folder`.
    static func all(below folder: FilePath) throws -> [pid_t] {
        try names(in: "/proc").compactMap { pid_t($0) }.filter { process in
            guard let bytes = try? contents(ofFileAt: FilePath("/proc/\(process)/cmdline")) else { return false }
            let words = String(decoding: bytes, as: UTF8.self).split(separator: "\0")
            return words.count == 2 && words[0] == "berth-monitor" && words[1].hasPrefix(folder.string + "/")
        }
    }

    /// Kills what a test left, and its containers with it.
    static func killAll(below folder: FilePath) async {
        guard let monitors = try? all(below: folder), !monitors.isEmpty else { return }
        let identifiers = monitors.compactMap { monitor in
            (try? contents(ofFileAt: FilePath("/proc/\(monitor)/cmdline")))
                .flatMap { String(decoding: $0, as: UTF8.self).split(separator: "\0").last?.split(separator: "/").last }
        }
        for monitor in monitors { kill(monitor, SIGKILL) }
        _ = try? await poll(within: .seconds(10)) { try all(below: folder).isEmpty ? true : nil }
        // Their store goes without another command of berth's, which would have put this into order. A runtime's
        // containers outlive their monitors until then.
        let groups = identifiers.flatMap { ["/sys/fs/cgroup/*/berth/\($0)", "/sys/fs/cgroup/berth/\($0)"] }
        let files = groups.map { "\($0)/cgroup.procs" }.joined(separator: " ")
        let script = """
            cat \(files) 2> /dev/null | sort -u | xargs -r kill -9
            rmdir \(groups.joined(separator: " ")) 2> /dev/null
            """
        _ = try? await Command("sh", "-c", script).run()
    }
}
