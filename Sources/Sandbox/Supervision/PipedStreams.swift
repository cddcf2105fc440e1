import Glibc
import SystemPackage

/// The caller's streams as a container may have them: pipes and sockets as they are, everything else behind a pipe.
///
/// A file or terminal of the host is an inode of the host's: whoever holds it open in the container, as the host's
/// root, could open it anew for writing, or change its mode, through /proc/self/fd. A program without a terminal
/// isn't to find one at its standard output either.
final class PipedStreams {
    /// What the container gets.
    private(set) var streams: ContainerStreams
    private var containerEnds: [Int32] = []
    private var outputs: [OwnThread] = []

    init(_ caller: ContainerStreams) throws {
        streams = caller
        if let input = caller.input, Self.isOfTheHost(input) {
            let pipe = try Self.makePipe()
            streams.input = pipe.reader
            containerEnds.append(pipe.reader)
            // Nobody waits for it: it may be reading when the container has long ended.
            try Self.copy(from: input, to: pipe.writer, closing: pipe.writer).detach()
        }
        streams.output = try pipedOutput(caller.output)
        // Where both lead to one place they share a pipe, so that what is written first is first there.
        streams.error =
            Self.isSameFile(caller.output, caller.error) ? streams.output : try pipedOutput(caller.error)
    }

    deinit {
        closeContainerEnds()
    }

    /// Lets go of what only the container is to hold, once it has it.
    func closeContainerEnds() {
        for descriptor in containerEnds { close(descriptor) }
        containerEnds = []
    }

    /// Waits until all that the container has written is passed on; it must have ended.
    func drain() {
        for output in outputs { output.join() }
        outputs = []
    }

    private func pipedOutput(_ output: Int32) throws -> Int32 {
        guard Self.isOfTheHost(output) else { return output }
        let pipe = try Self.makePipe()
        containerEnds.append(pipe.writer)
        outputs.append(try Self.copy(from: pipe.reader, to: output, closing: pipe.reader))
        return pipe.writer
    }

    private static func isOfTheHost(_ descriptor: Int32) -> Bool {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        return ![S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT)
    }

    /// Copies on a thread of its own, and in the end closes our side of the pipe: whoever writes to what nobody reads
    /// any more is told so by the kernel.
    private static func copy(from source: Int32, to target: Int32, closing end: Int32) throws -> OwnThread {
        do {
            return try OwnThread {
                copyAll(from: source, to: target)
                close(end)
            }
        } catch {
            close(end)
            throw error
        }
    }

    private static func isSameFile(_ one: Int32, _ other: Int32) -> Bool {
        var (first, second) = (stat(), stat())
        guard fstat(one, &first) == 0, fstat(other, &second) == 0 else { return false }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }

    private static func makePipe() throws -> (reader: Int32, writer: Int32) {
        var ends: [Int32] = [-1, -1]
        // A container's process closes whatever it isn't meant to have.
        guard pipe(&ends) == 0, ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else {
            throw SandboxError.startFailed(step: "cannot make a pipe", subject: "", .current)
        }
        return (ends[0], ends[1])
    }
}
