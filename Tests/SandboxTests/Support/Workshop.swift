import Glibc
import Sandbox
import SystemPackage

/// A temporary folder with layers for containers, and a store to run them in; gone with the value.
final class Workshop: Sendable {
    let folder: FilePath
    let store: ContainerStore
    /// A root of busybox-static, with an /etc/passwd and an /etc/group.
    let busybox: FilePath

    init() throws {
        var template = Array("/tmp/berth-sandbox-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        folder = FilePath(platformString: template)
        store = try ContainerStore(root: folder.appending("state"))
        busybox = folder.appending("busybox")
        try Self.shell(
            """
            set -e; cd \(folder); chmod 755 .; mkdir -p busybox/bin busybox/etc busybox/tmp busybox/root; cd busybox
            chmod 1777 tmp; cp /bin/busybox bin/busybox
            printf 'root:x:0:0:root:/root:/bin/sh\\nalice:x:1000:1001:Alice:/home/alice:/bin/sh\\n' > etc/passwd
            printf 'root:x:0:\\nstaff:x:1001:\\ndisk:x:6:alice\\naudio:x:63:alice,root\\n' > etc/group
            """
        )
        for applet in Self.applets { symlink("busybox", busybox.appending("bin/\(applet)").string) }
    }

    /// The programs that the tests call.
    private static let applets = """
        cat chmod cp cut echo env false find grep head hostname id ip kill ln ls mkdir mkfifo mknod mount mv ping printf \
        ps pwd readlink rm seq sh sleep stat stty tail touch tr true tty umount wc
        """
        .split { $0 == " " }

    deinit {
        try? Self.shell("rm -rf \(folder)")
    }

    /// Makes a layer by a shell script, run in its empty folder.
    func layer(_ name: String, _ script: String) throws -> FilePath {
        try Self.shell("set -e; mkdir -p \(folder)/\(name); cd \(folder)/\(name); \(script)")
        return folder.appending(name)
    }

    /// Runs a script on the host.
    static func shell(_ script: String) throws {
        guard system(script) == 0 else { throw ShellFailure(script: script) }
    }

    struct ShellFailure: Error {
        let script: String
    }
}

/// What a container left behind.
struct Outcome: Equatable {
    var status: AttachedProcess.End
    var output: String
}

extension Workshop {
    /// Runs `command` in a new container, whose output and errors go to a file.
    func run(
        _ command: [String],
        layers: [FilePath]? = nil,
        input: Int32? = nil,
        change: (inout ContainerConfiguration) throws -> Void = { _ in },
        overrides change2: (inout ProcessOverrides) -> Void = { _ in }
    ) async throws -> Outcome {
        let container = try container(
            command,
            layers: layers,
            change: {
                $0.input.isOpen = input != nil
                $0.input.endsWithClient = true
                try change(&$0)
            },
            overrides: change2
        )
        let path = folder.appending("output-\(container.id.short)")
        let file = try FileDescriptor.open(
            path,
            .readWrite,
            options: [.create, .closeOnExec],
            permissions: .ownerReadWrite
        )
        defer { try? file.close() }
        let streams = ContainerStreams(input: input, output: file.rawValue, error: file.rawValue)
        let end = try await container.run(streams: streams, options: .withoutSignals)
        return Outcome(status: end, output: try contents(of: path))
    }

    func container(
        _ command: [String],
        layers: [FilePath]? = nil,
        change: (inout ContainerConfiguration) throws -> Void = { _ in },
        overrides changeOverrides: (inout ProcessOverrides) -> Void = { _ in }
    ) throws -> Container {
        var overrides = ProcessOverrides()
        overrides.command = command
        changeOverrides(&overrides)
        var configuration = ContainerConfiguration(
            image: "busybox",
            layers: layers ?? [busybox],
            process: try ContainerProcess(ProcessDefaults(), overrides: overrides),
            isRemovedWhenStopped: true
        )
        // These are about other things, and leave the host's network alone.
        configuration.network.mode = .none
        try change(&configuration)
        return try store.create(configuration)
    }

    /// Runs a script in a new container.
    func run(script: String, layers: [FilePath]? = nil) async throws -> Outcome {
        try await run(["sh", "-c", script], layers: layers)
    }

    func contents(of path: FilePath) throws -> String {
        let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        defer { try? file.close() }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        var length = 0
        while case let count = try bytes[length...].withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
            length += count
        }
        return String(decoding: bytes[..<length], as: UTF8.self)
    }

    /// The names in a folder of the host, sorted.
    func names(in folder: FilePath) -> [String] {
        guard let stream = opendir(folder.string) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            )
        }
        return names.filter { $0 != "." && $0 != ".." }.sorted()
    }
}

extension AttachOptions {
    /// The tests' own signals are no container's.
    static var withoutSignals: AttachOptions {
        var options = AttachOptions()
        options.relaysSignals = false
        return options
    }
}
