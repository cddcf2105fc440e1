import Glibc
import SystemPackage

/// The volumes of this host: a folder each at `<root>/volumes/<name>`, with `_data`, what containers see, and
/// `volume.json`, the ``VolumeRecord``.
///
/// ```swift
/// let volumes = try VolumeStore(root: root)
/// let folder = try volumes.findOrCreate(VolumeName("db")).folder
/// ```
///
/// Whoever makes or removes one holds the lock of the folder that all are in. A volume that is there is whole: it was
/// made under a hidden name and renamed; one that is removed is renamed first.
package struct VolumeStore: Sendable {
    let folder: FilePath

    /// Opens the store at `<root>/volumes`, making it where it is missing.
    ///
    /// - Throws: ``SandboxError/system(operation:path:_:)``.
    package init(root: FilePath) throws {
        folder = try absolute(root).appending("volumes")
        // Volumes hold other users' set-user-ID programs: nobody may come near them but by a container.
        try makeFolders(folder, mode: 0o700)
    }

    /// The volume with this name; nil when there is none.
    ///
    /// - Throws: ``SandboxError/damagedContainer(_:)`` for one whose record can't be read.
    package func find(_ name: VolumeName) throws -> Volume? {
        let home = folder.appending(name.rawValue)
        guard let record = try StoredValue<VolumeRecord>(VolumeRecord.fileName).read(from: home) else { return nil }
        return Volume(name: name, record: record, home: home)
    }

    /// The volume with this name, made when there is none.
    ///
    /// A container that uses it must be on the disk already: what no container uses may be removed.
    ///
    /// - Parameters:
    ///   - labels: of a volume that is made.
    ///   - isAnonymous: whether one that is made has a name that nobody gave.
    package func findOrCreate(
        _ name: VolumeName,
        labels: [String: String] = [:],
        isAnonymous: Bool = false
    ) throws -> Volume {
        try withLock {
            if let volume = try find(name) { return volume }
            return try make(name, VolumeRecord(created: now(), labels: labels, isAnonymous: isAnonymous))
        }
    }

    /// All volumes, by name; one that is damaged is passed over.
    package func all() throws -> [Volume] {
        try names(in: folder).sorted().compactMap { try? VolumeName($0) }.compactMap { try? find($0) }
    }

    /// Writes down that the volume has what its place in an image has.
    ///
    /// - Parameter populate: gives it that; runs only when nobody has before, and nobody else does meanwhile.
    package func populate(_ name: VolumeName, _ populate: (Volume) throws -> Void) throws {
        try withLock(of: name) { volume in
            guard !volume.record.isPopulated else { return }
            try populate(volume)
            var record = volume.record
            record.isPopulated = true
            try StoredValue<VolumeRecord>(VolumeRecord.fileName).write(record, into: volume.home, isDurable: true)
        }
    }

    private func make(_ name: VolumeName, _ record: VolumeRecord) throws -> Volume {
        try removeLitter()
        let making = folder.appending(".new")
        try makeFolder(making, mode: 0o700)
        try makeFolder(making.appending(Volume.contentFolder), mode: 0o755)
        try StoredValue<VolumeRecord>(VolumeRecord.fileName).write(record, into: making, isDurable: true)
        let home = folder.appending(name.rawValue)
        guard rename(making.string, home.string) == 0 else {
            throw SandboxError.system(operation: "make the folder", path: home, .current)
        }
        try synchronizeFolder(folder)
        return Volume(name: name, record: record, home: home)
    }

    /// Runs `body` while nobody else makes or removes a volume.
    func withLock<Value>(_ body: () throws -> Value) throws -> Value {
        try withExclusiveLock(on: folder, body)
    }

    /// Runs `body` while nobody else fills the volume.
    private func withLock(of name: VolumeName, _ body: (Volume) throws -> Void) throws {
        guard let found = try find(name) else { throw SandboxError.noSuchVolume(name.rawValue) }
        try withExclusiveLock(on: found.home) {
            guard let volume = try find(name) else { throw SandboxError.noSuchVolume(name.rawValue) }
            try body(volume)
        }
    }
}
