import ArgumentParser
import Sandbox
import SystemPackage

/// What a container has mounted, as the command line says it.
struct MountOptions: ParsableArguments {
    @Option(
        name: .joinable("v"),
        help: ArgumentHelp(
            "A folder of the host's, or a volume by its name, in the container; options: ro, nocopy, …",
            valueName: "[source:]target[:options]"
        )
    )
    var volume: [String] = []

    @Option(
        help: ArgumentHelp(
            "The same, or a tmpfs, in many words.",
            valueName: "type=bind|volume|tmpfs,source=…,target=…"
        )
    )
    var mount: [String] = []

    @Option(help: ArgumentHelp("Memory in the place of a folder.", valueName: "target[:options]"))
    var tmpfs: [String] = []

    @Flag(help: "Let nothing be written to the container's root folder.")
    var readOnly = false

    @Option(help: ArgumentHelp("How large /dev/shm is; by default 64m.", valueName: "bytes[k|m|g]"))
    var shmSize: String?
}

extension MountOptions {
    /// - Parameter imageVolumes: where the image wants volumes.
    func configuration(imageVolumes: Set<String>) throws -> MountConfiguration {
        let volumes = try volume.map { try Mount(volume: $0) }
        let fields = try mount.map { try Mount(fields: $0) }
        let memory = try tmpfs.map { try Mount(memory: $0) }
        for mount in volumes { try mount.makeSource() }
        for mount in fields { try mount.checkSource() }
        var configuration = try MountConfiguration(volumes + fields + memory, imageVolumes: imageVolumes)
        configuration.hasReadOnlyRoot = readOnly
        if let shmSize {
            guard let size = ByteSize(shmSize)?.bytes, size > 0 else {
                let range = "a number of bytes, or of k, m or g"
                throw ContainerOptionError.outOfRange(option: "--shm-size", value: shmSize, range: range)
            }
            configuration.sharedMemorySize = UInt64(size)
        }
        return configuration
    }
}

extension Mount {
    /// Makes the host's folder where it is missing, as docker does for `-v`.
    func makeSource() throws {
        guard case .bind(let path) = source else { return }
        try FolderOnHost(path).make()
    }

    /// - Throws: ``ContainerOptionError/noMountSource(_:)``.
    func checkSource() throws {
        guard case .bind(let path) = source else { return }
        guard FolderOnHost(path).exists else { throw ContainerOptionError.noMountSource(path) }
    }
}
