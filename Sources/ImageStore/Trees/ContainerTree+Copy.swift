import Glibc
import SystemPackage

extension ContainerTree {
    /// Copies the file or folder at `path` in the container to `destination` on this host.
    ///
    /// What the container has at `path` can lead to nowhere else here: it is unpacked by a process whose whole file
    /// system is the destination.
    ///
    /// - Parameters:
    ///   - followsLink: whether a link at the end of `path` is followed.
    ///   - owner: whom the files belong to here; nil for whom they belong to there.
    ///   - keepsPrivileges: whether they keep set-user-ID bits and capabilities, and device nodes come, too.
    /// - Throws: ``TreeFailure``.
    package func copyOut(
        _ path: String,
        followsLink: Bool,
        to destination: String,
        owner: FileOwner?,
        keepsPrivileges: Bool
    ) throws {
        try read(path, followsLink: followsLink) { source, archive in
            let host = try HostPlace(destination)
            let placement = try CopyPlacement(
                of: source,
                to: destination,
                name: host.name,
                standing: host.standing
            )
            var task = TreeUnpackTask(formerName: source.name, name: placement.name, owner: owner)
            task.keepsPrivileges = keepsPrivileges
            try unpack(archive, into: placement.isInside ? host.path : host.parent, task)
        }
    }

    /// Copies the file or folder at `path` on this host to `destination` in the container.
    ///
    /// - Throws: ``TreeFailure``.
    package func copyIn(_ path: String, followsLink: Bool, to destination: String, owner: FileOwner?) throws {
        let source = try HostSource(path, followsLink: followsLink)
        try write(source.source, to: destination, owner: owner, Self.archiving(source))
    }

    private static func archiving(_ source: HostSource) -> (FileDescriptor) throws -> Void {
        { file in
            let output = OpenArchiveOutput(file)
            do throws(LayerFailure) {
                try FolderArchiver(output, isLive: true).write(source.path, as: FilePath(source.source.name ?? "."))
            } catch {
                throw output.isBroken ? .brokenPipe : TreeFailure(error)
            }
        }
    }

    /// Unpacks an archive, by itself or compressed, into the folder at `destination` in the container.
    ///
    /// - Throws: ``TreeFailure``.
    package func unpack(_ archive: FileDescriptor, into destination: String, owner: FileOwner?) throws {
        try write(.archive, to: destination, owner: owner, from: archive)
    }
}
