import Glibc
import SystemPackage

/// The programs that can connect an ordinary user's container, the better one first.
enum HelperProgram: String, CaseIterable {
    case pasta, slirp4netns

    /// What all of them make the container's interface by.
    private static let device = "/dev/net/tun"
    private static let standardPath = "/usr/local/bin:/usr/bin:/bin"

    /// Those that are installed, for the container that has this folder.
    ///
    /// - Throws: ``NetworkError/noHelper``, ``NetworkError/noTunnel(_:_:)``.
    static func helpers(for folder: FilePath) throws(NetworkError) -> [any NetworkHelper] {
        try installed().map { program, path in
            switch program {
            case .pasta: Pasta(path, for: folder)
            case .slirp4netns: SlirpNetwork(path, for: folder)
            }
        }
    }

    /// Their paths.
    ///
    /// - Throws: as ``helpers(for:)``.
    static func installed() throws(NetworkError) -> [(HelperProgram, path: String)] {
        guard access(device, R_OK | W_OK) == 0 else { throw .noTunnel(device, .current) }
        let folders = (getenv("PATH").map { String(cString: $0) } ?? standardPath)
            .split(separator: ":").filter { $0.hasPrefix("/") }
        let found = allCases.compactMap { program in
            folders.map { (program, path: "\($0)/\(program.rawValue)") }.first { access($0.path, X_OK) == 0 }
        }
        guard !found.isEmpty else { throw .noHelper }
        return found
    }
}
