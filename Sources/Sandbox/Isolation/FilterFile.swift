import SystemPackage

/// The instructions of a container's seccomp filter, made by whoever made the container: a file in its folder.
struct FilterFile {
    static let name = "seccomp.bpf"
    /// In bytes; the kernel takes 4096 instructions.
    private static let maximumSize = 4096 * 8

    let path: FilePath

    init(in folder: FilePath) {
        path = folder.appending(Self.name)
    }

    /// - Throws: ``SandboxError/noFilter(_:)``: without it the container would be less isolated than it was made to be.
    func read() throws -> [UInt8] {
        guard let bytes = try readFile(at: path, limit: Self.maximumSize), !bytes.isEmpty,
            bytes.count.isMultiple(of: 8)
        else { throw SandboxError.noFilter(path) }
        return bytes
    }

    func write(_ instructions: [UInt8], isDurable: Bool) throws {
        try replaceFile(at: path, with: instructions, isDurable: isDurable)
    }
}
