import SystemPackage

/// A seccomp filter in the form that OCI runtimes take, made by whoever made the container: a file in its folder.
///
/// - SeeAlso: OCI runtime-spec, "Seccomp".
struct RuntimeFilter: Codable {
    struct Rule: Codable {
        struct Argument: Codable {
            var index: UInt32
            var value: UInt64
            var valueTwo: UInt64?
            var op: String
        }

        var names: [String]
        var action: String
        var errnoRet: UInt32?
        var args: [Argument]?
    }

    static let fileName = "seccomp.json"

    var defaultAction: String
    var defaultErrnoRet: UInt32?
    var architectures: [String]?
    var syscalls: [Rule]?

    /// - Throws: ``SandboxError/noFilter(_:)``: without it the container would be less isolated than it was made to be.
    static func read(from folder: FilePath) throws -> RuntimeFilter {
        guard let filter = try StoredValue<RuntimeFilter>(fileName).read(from: folder) else {
            throw SandboxError.noFilter(folder.appending(fileName))
        }
        return filter
    }
}
