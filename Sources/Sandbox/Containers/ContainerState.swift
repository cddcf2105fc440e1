import Glibc
import SystemPackage

/// How a container is doing: `state.json` in its folder. Its monitor writes it; where none runs, whoever has the lock.
package struct ContainerState: Sendable, Codable, Equatable {
    package enum Status: String, Sendable, Codable {
        case created, running, paused, restarting, exited
        /// It is being removed, or was when the machine stopped.
        case removing
    }

    package var status = Status.created
    /// Of the first process, in the host's namespace; nil when none runs.
    package var process: Int32?
    /// Nanoseconds since 1970, of the last start and the last end.
    package var started: Int64?
    package var finished: Int64?
    /// As berth's own exit status: 128 and the signal's number where one ended the process; nil before the first end.
    package var exitStatus: Int32?
    /// Why it could not be started, or ended without its process's doing.
    package var error: String?
    /// Whether the kernel ended one of its processes for want of memory.
    package var isOutOfMemory = false
    /// How often the restart policy has started it again since somebody did.
    package var restarts = 0
    /// Nil where nobody looks.
    package var health: HealthState?
    /// Whether it was somebody who ended it, not a machine that went down.
    package var wasStoppedByHand = false
    /// How it is connected; nil when it doesn't run.
    package var network: NetworkState?

    static let fileName = "state.json"

    package init() {}

    /// Whether it is to have a monitor in this state.
    package var isActive: Bool { [.running, .paused, .restarting].contains(status) }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        status = try values.decode(Status.self, forKey: .status)
        process = try values.decodeIfPresent(Int32.self, forKey: .process)
        started = try values.decodeIfPresent(Int64.self, forKey: .started)
        finished = try values.decodeIfPresent(Int64.self, forKey: .finished)
        exitStatus = try values.decodeIfPresent(Int32.self, forKey: .exitStatus)
        error = try values.decodeIfPresent(String.self, forKey: .error)
        health = try values.decodeIfPresent(HealthState.self, forKey: .health)
        isOutOfMemory = try values.decode(.isOutOfMemory, default: false)
        restarts = try values.decode(.restarts, default: 0)
        wasStoppedByHand = try values.decode(.wasStoppedByHand, default: false)
        network = try values.decodeIfPresent(NetworkState.self, forKey: .network)
    }

    /// The state in the container's folder; the one it begins with where nothing was written yet.
    ///
    /// - Throws: ``SandboxError/damagedContainer(_:)``.
    init(in folder: FilePath) throws {
        self = try StoredValue<ContainerState>(Self.fileName).read(from: folder) ?? ContainerState()
    }

    /// Puts the state that was written last onto the disk, for good.
    static func synchronize(in folder: FilePath) {
        // Where another monitor has written one since, that is as good; where it fails, nobody is left to be told.
        let descriptor = open(folder.appending(fileName).string, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        if fsync(descriptor) == 0 { try? synchronizeFolder(folder) }
    }

    func write(into folder: FilePath, isDurable: Bool) throws {
        try StoredValue<ContainerState>(Self.fileName).write(self, into: folder, isDurable: isDurable)
    }
}
