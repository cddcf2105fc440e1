/// What an OCI runtime is told of a container, by the names of the specification.
///
/// - SeeAlso: OCI runtime-spec 1.0.2, "Configuration"; `config.json` in the bundle.
struct RuntimeSpecification: Encodable {
    struct Root: Encodable {
        var path: String
        var readonly: Bool
    }

    struct Mount: Encodable, Equatable {
        var destination: String
        var type: String
        var source: String
        var options: [String]
    }

    var ociVersion = "1.0.2"
    var process: Process
    var root: Root
    /// Nil where it has no name of its own.
    var hostname: String?
    var mounts: [Mount]
    var linux: Linux
}

extension RuntimeSpecification {
    /// - SeeAlso: OCI runtime-spec, "Process"; it is also what `exec` is given.
    struct Process: Encodable {
        struct Size: Encodable {
            var height: UInt16
            var width: UInt16
        }

        struct User: Encodable {
            var uid: UInt32
            var gid: UInt32
            var additionalGids: [UInt32]
        }

        struct Capabilities: Encodable {
            var bounding: [String]
            var effective: [String]
            var permitted: [String]
        }

        struct Limit: Encodable {
            var type: String
            var soft: UInt64
            var hard: UInt64
        }

        var terminal: Bool
        var consoleSize: Size?
        var user: User
        var args: [String]
        var env: [String]
        var cwd: String
        var capabilities: Capabilities
        var rlimits: [Limit]
        var noNewPrivileges: Bool
        var oomScoreAdj: Int?
    }
}

extension RuntimeSpecification {
    /// - SeeAlso: OCI runtime-spec, "Linux-specific Container Configuration".
    struct Linux: Encodable {
        struct Namespace: Encodable, Equatable {
            var type: String
            /// Nil for a new one.
            var path: String?
        }

        struct Device: Encodable {
            var path: String
            var type: String
            var major: UInt32
            var minor: UInt32
            var fileMode: UInt32
            var uid: UInt32
            var gid: UInt32
        }

        var namespaces: [Namespace]
        var devices: [Device]
        var cgroupsPath: String
        var resources: Resources
        var sysctl: [String: String]
        var seccomp: RuntimeFilter?
        var maskedPaths: [String]
        var readonlyPaths: [String]
    }

    /// - SeeAlso: OCI runtime-spec, "Control groups".
    struct Resources: Encodable {
        struct Memory: Encodable {
            var limit: Int64?
            var reservation: Int64?
            var swap: Int64?
        }

        struct Processor: Encodable {
            var shares: UInt64?
            var quota: Int64?
            var period: UInt64?
            var cpus: String?
            var mems: String?
        }

        struct Processes: Encodable {
            var limit: Int64
        }

        var devices: [DeviceRule]
        var memory: Memory?
        var cpu: Processor?
        var pids: Processes?
    }
}
