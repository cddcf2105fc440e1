import Glibc
import SystemPackage

/// The streams between a process and its monitor: pipes, or the monitor's side of a terminal.
///
/// They are always made for the process: a file or terminal of the host's would be an inode of the host's in the hands
/// of the container's root, who could open it anew, or change its mode, through /proc/self/fd.
struct SessionStreams {
    struct Output {
        let descriptor: Int32
        let stream: OutputStream
        let isTerminal: Bool
    }

    /// What the process is to have, until ``closeProcessSides()``.
    private(set) var forProcess = ContainerStreams(input: nil, output: -1, error: -1)
    private(set) var input: Int32?
    private(set) var outputs: [Output] = []
    private(set) var terminal: Int32?

    /// Pipes for a process without a terminal.
    static func pipes(hasInput: Bool) throws -> SessionStreams {
        var streams = SessionStreams()
        do {
            if hasInput {
                let pipe = try makePipe()
                (streams.forProcess.input, streams.input) = (pipe.reader, pipe.writer)
            }
            let output = try makePipe()
            streams.forProcess.output = output.writer
            streams.outputs.append(
                Output(descriptor: output.reader, stream: .standardOutput, isTerminal: false)
            )
            let error = try makePipe()
            streams.forProcess.error = error.writer
            streams.outputs.append(Output(descriptor: error.reader, stream: .standardError, isTerminal: false))
        } catch {
            streams.closeAll()
            throw error
        }
        return streams
    }

    /// None yet; ``take(terminal:hasInput:)`` brings them.
    static let pending = SessionStreams()

    /// Takes over the monitor's side of the process's terminal.
    mutating func take(terminal: Int32, hasInput: Bool) throws {
        self.terminal = terminal
        outputs = [Output(descriptor: terminal, stream: .standardOutput, isTerminal: true)]
        guard hasInput else { return }
        let copy = fcntl(terminal, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0 else {
            throw SandboxError.startFailed(step: "cannot pass the terminal on", subject: "", .current)
        }
        input = copy
    }

    /// Lets go of what only the process is to hold, once it has it.
    mutating func closeProcessSides() {
        for descriptor in [forProcess.input ?? -1, forProcess.output, forProcess.error] where descriptor >= 0 {
            close(descriptor)
        }
        forProcess = ContainerStreams(input: nil, output: -1, error: -1)
    }

    /// Ends the process's input before it has begun.
    mutating func closeInput() {
        if let input { close(input) }
        input = nil
    }

    /// Closes all; for a process that could not be started.
    mutating func closeAll() {
        closeProcessSides()
        for output in outputs { close(output.descriptor) }
        closeInput()
        (outputs, terminal) = ([], nil)
    }

    private static func makePipe() throws -> (reader: Int32, writer: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0, ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else {
            throw SandboxError.startFailed(step: "cannot make a pipe", subject: "", .current)
        }
        return (ends[0], ends[1])
    }
}
