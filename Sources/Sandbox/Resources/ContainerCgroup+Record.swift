import Glibc
import SystemPackage

extension ContainerCgroup {
    /// In a container's folder: a line for each folder that its group may have, behind its controller.
    private static let recordName = "cgroups"
    /// In bytes.
    private static let recordLimit = 64 << 10

    /// Writes down where an ordinary user's group may be, before it is made: it depends on the session that a container
    /// is started from, and who has to clear up may be in another one.
    static func note(_ candidates: [String: [FilePath]], in folder: FilePath) throws {
        let lines = candidates.flatMap { controller, paths in
            paths.map(\.string).filter { !$0.contains("\n") }.map { "\(controller) \($0)\n" }
        }
        let bytes = Array(lines.sorted().joined().utf8)
        try replaceFile(at: folder.appending(recordName), with: bytes, isDurable: false)
    }

    /// The folders that were written down and are there.
    static func noted(in folder: FilePath, for identifier: ContainerIdentifier) -> [String: FilePath] {
        let bytes = (try? readFile(at: folder.appending(recordName), limit: recordLimit)) ?? []
        var folders: [String: FilePath] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, case let path = FilePath(String(parts[1])), path.isAbsolute,
                path.lastComponent?.string == identifier.rawValue, access(path.string, F_OK) == 0
            else { continue }
            folders[String(parts[0])] = path
        }
        return folders
    }
}
