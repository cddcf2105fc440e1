import Glibc
import SystemPackage
import UserNamespaces

/// The files of a container, or of an image, as confined processes read and write them.
///
/// All of it blocks the thread, which must not end before.
package struct ContainerTree: Sendable {
    /// Where files are found by the names that the container has for them.
    private let whole: TreeRoot
    /// The container's own root alone, without volumes.
    private let bare: TreeRoot
    private let parts: TreeRoot
    /// A descriptor of the container's process, where it runs; borrowed.
    private let process: FileDescriptor?
    private let program: FilePath

    /// - Parameters:
    ///   - layers: the lowest first.
    ///   - upper: the writable layer; nil for an image by itself.
    ///   - work: overlayfs's own folder beside it.
    ///   - isReadOnlyRoot: whether nothing but what is in `mounts` may be written.
    ///   - mounts: what else is seen in a container that doesn't run.
    ///   - userMap: how the container's users are mapped.
    ///   - process: a descriptor of the container's process; nil where none runs.
    ///   - program: an executable whose `main` calls ``TreeHelper/runIfRequested()`` first.
    package init(
        layers: [FilePath],
        upper: FilePath? = nil,
        work: FilePath? = nil,
        isReadOnlyRoot: Bool = false,
        mounts: [TreeRoot.Mount] = [],
        userMap: UserMap? = nil,
        process: FileDescriptor? = nil,
        program: FilePath = "/proc/self/exe"
    ) {
        func root(_ kind: TreeRoot.Kind) -> TreeRoot {
            var root = TreeRoot(kind)
            root.layers = layers.map(\.string)
            root.upper = upper?.string
            root.userMap = userMap
            return root
        }
        parts = root(.parts)
        bare = root(process == nil ? .merged : .runningRoot)
        var whole = root(process == nil ? .merged : .running)
        whole.mounts = mounts
        whole.isReadOnlyRoot = isReadOnlyRoot
        whole.work = work?.string
        self.whole = whole
        self.process = process
        self.program = program
    }

    /// Writes an archive of all files but those of volumes.
    ///
    /// - Throws: ``TreeFailure``.
    package func export(to output: FileDescriptor) throws {
        try start(.export, in: bare, output: output).finish()
    }

    /// What the container has done to its image's files, but for the paths in `excluded`.
    ///
    /// - Throws: ``TreeFailure``.
    package func changes(excluding excluded: [String]) throws -> [FileChange] {
        let pipe = try Pipe()
        let process = try opening(pipe) { try start(.compare(excluding: excluded), in: parts, output: pipe.writer) }
        let result = Result { try FileChange.read(from: pipe.reader) }
        try? pipe.reader.close()
        return try process.finish(with: result)
    }

    /// Writes the archive of an image's layer that does what the container did, but for the paths in `excluded`.
    ///
    /// - Parameter body: reads the archive from the descriptor that it is given, to the end.
    func pack<Value>(excluding excluded: [String], _ body: (FileDescriptor) throws -> Value) throws -> Value {
        let pipe = try Pipe()
        let process = try opening(pipe) {
            try start(.pack(excluding: excluded), in: parts, output: pipe.writer)
        }
        let result = Result { try body(pipe.reader) }
        try? pipe.reader.close()
        return try process.finish(with: result)
    }

    /// Writes an archive of the file or folder at `path` in the container.
    ///
    /// - Parameters:
    ///   - followsLink: whether a link at the end of the path is followed.
    ///   - body: reads the archive from the descriptor that it is given, to the end.
    /// - Throws: ``TreeFailure``.
    func read<Value>(
        _ path: String,
        followsLink: Bool,
        _ body: (CopySource, FileDescriptor) throws -> Value
    ) throws -> Value {
        let pipe = try Pipe()
        let process = try opening(pipe) {
            try start(.read(path: path, followsLink: followsLink), in: reading, output: pipe.writer)
        }
        let result = Result {
            guard case .found(let source) = try process.next() else {
                throw TreeFailure("nothing was found at \(path)")
            }
            return try body(source, pipe.reader)
        }
        try? pipe.reader.close()
        return try process.finish(with: result)
    }

    /// Writes an archive of the file or folder at `path` in the container to `output`.
    package func read(_ path: String, followsLink: Bool, to output: FileDescriptor) throws {
        try start(.read(path: path, followsLink: followsLink), in: reading, output: output).finish()
    }

    /// Takes the archive that `body` writes, or the one that comes from `input`, to `destination` in the container.
    ///
    /// - Throws: ``TreeFailure``.
    func write(
        _ source: CopySource,
        to destination: String,
        owner: FileOwner?,
        from input: FileDescriptor? = nil,
        _ body: ((FileDescriptor) throws -> Void)? = nil
    ) throws {
        let task = TreeTask.write(TreeWriteTask(destination: destination, source: source, owner: owner))
        if let input { return try start(task, in: whole, input: input).finish() }
        let pipe = try Pipe()
        let process: TreeProcess
        do {
            defer { try? pipe.reader.close() }
            process = try start(task, in: whole, input: pipe.reader)
        } catch {
            try? pipe.writer.close()
            throw error
        }
        let result = Result {
            guard case .ready = try process.next() else {
                throw TreeFailure("nothing can be written to \(destination)")
            }
            try withBrokenPipesAsErrors { try body?(pipe.writer) }
        }
        try? pipe.writer.close()
        if case .failure(let error) = result, error as? TreeFailure != .brokenPipe { throw error }
        try process.finish(with: result)
    }

    /// Unpacks an archive into a folder of this host.
    ///
    /// - Parameter isOfContainer: whether files in there belong to the container's users, or else to the caller.
    func unpack(
        _ input: FileDescriptor,
        into folder: FilePath,
        isOfContainer: Bool = false,
        _ task: TreeUnpackTask
    ) throws {
        let root = TreeRoot.folder(folder, userMap: isOfContainer ? whole.userMap : nil)
        try TreeProcess(.unpack(task), in: root, input: input, program: program).finish()
    }

    /// Nothing is changed by a look, not even overlayfs's own folder.
    private var reading: TreeRoot {
        var root = whole
        root.work = nil
        return root
    }

    private func start(
        _ task: TreeTask,
        in root: TreeRoot,
        input: FileDescriptor? = nil,
        output: FileDescriptor? = nil
    ) throws(TreeFailure) -> TreeProcess {
        try TreeProcess(task, in: root, container: process, input: input, output: output, program: program)
    }

    /// Starts a process that writes into the pipe; this one is left with the reading end, or none.
    private func opening(_ pipe: Pipe, _ start: () throws -> TreeProcess) throws -> TreeProcess {
        defer { try? pipe.writer.close() }
        do {
            return try start()
        } catch {
            try? pipe.reader.close()
            throw error
        }
    }
}
