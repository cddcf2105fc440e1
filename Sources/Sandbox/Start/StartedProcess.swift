import CSandbox
import Glibc
import SystemPackage

/// A process that this one is the parent of, most often of a container: cloned, not yet or already running its program.
///
/// Whoever lets go of it before it was waited for ends it.
final class StartedProcess {
    /// Readable once the process has ended.
    let descriptor: Int32
    /// Its number on the host.
    let identifier: pid_t
    private let socket: Int32
    private var status: ExitStatus?

    /// Clones the process. This thread's end would be its end.
    init(_ plan: StartPlan) throws(SandboxError) {
        var started = berth_started()
        if plan.hasOwner {
            var failure = berth_failure()
            try Self.check(plan.withPlan { berth_start_beside($0, &started, &failure) }, failure)
        } else {
            let error = plan.withPlan { berth_start($0, &started) }
            guard error == 0 else {
                let step = String(cString: berth_step_phrase(BERTH_STEP_CLONE))
                throw .startFailed(step: step, subject: "", Errno(rawValue: error))
            }
        }
        descriptor = started.process_descriptor
        identifier = started.process
        socket = started.socket
        try plan.mapUsers(of: started)
    }

    /// Clones the process into a container that runs. This thread's end would be its end.
    init(joining plan: JoinPlan) throws(SandboxError) {
        var started = berth_started()
        var failure = berth_failure()
        try Self.check(plan.withPlan { berth_join($0, &started, &failure) }, failure)
        descriptor = started.process_descriptor
        identifier = started.process
        socket = started.socket
    }

    /// Starts a command of a runtime. This thread's end would be its end.
    init(_ plan: RuntimePlan) throws(SandboxError) {
        var started = berth_started()
        let error = plan.withPlan { berth_start_runtime($0, &started) }
        guard error == 0 else {
            let step = String(cString: berth_step_phrase(BERTH_STEP_RUNTIME))
            throw .startFailed(step: step, subject: "", Errno(rawValue: error))
        }
        descriptor = started.process_descriptor
        identifier = started.process
        socket = started.socket
    }

    /// Takes over a process that runs already: a child of this one, whoever has made it.
    init(adopting process: pid_t) throws(SandboxError) {
        descriptor = berth_open_process(process)
        guard descriptor >= 0 else {
            throw .startFailed(step: "cannot find the process", subject: "\(process)", .current)
        }
        identifier = process
        socket = -1
    }

    deinit {
        if status == nil {
            signal(SIGKILL)
            _ = try? wait()
        }
        if socket >= 0 { close(socket) }
        close(descriptor)
    }

    /// Waits until the container's root is in place.
    ///
    /// - Returns: the image's account files, and the caller's side of the terminal (-1 when there is none).
    func waitUntilPrepared() throws -> (passwd: AccountFile, group: AccountFile, terminal: Int32) {
        var prepared = berth_prepared()
        var failure = berth_failure()
        switch berth_wait_prepared(socket, &prepared, &failure) {
        case 0: break
        case 1: throw Self.error(failure)
        default: throw SandboxError.endedWhileStarting
        }
        do {
            let passwd = Result { try AccountFile(reading: prepared.passwd) }
            let group = Result { try AccountFile(reading: prepared.group) }
            return (try passwd.get(), try group.get(), prepared.terminal)
        } catch {
            if prepared.terminal >= 0 { close(prepared.terminal) }
            throw error
        }
    }

    /// Lets the process become its program, as `identity`.
    func execute(as identity: ProcessIdentity) throws(SandboxError) {
        var message = berth_identity()
        message.user = identity.user
        message.group = identity.group
        let groups = [identity.group] + identity.supplementaryGroups
        message.group_count = UInt32(groups.count)
        withUnsafeMutableBytes(of: &message.groups) { room in groups.withUnsafeBytes { room.copyMemory(from: $0) } }
        let home = Array("HOME=\(identity.home)".utf8.prefix(Int(BERTH_MAXIMUM_HOME) - 1))
        withUnsafeMutableBytes(of: &message.home) { $0.copyBytes(from: home) }

        var failure = berth_failure()
        guard berth_execute(socket, &message, &failure) == 0 else { throw Self.error(failure) }
    }

    func signal(_ signal: Int32) {
        // A process that has ended already needs none.
        _ = berth_signal(descriptor, signal)
    }

    func wait() throws -> ExitStatus {
        if let status { return status }
        var information = siginfo_t()
        while waitid(P_PIDFD, id_t(descriptor), &information, WEXITED) != 0 {
            guard errno == EINTR else {
                throw SandboxError.startFailed(step: "cannot wait for the process", subject: "", .current)
            }
        }
        let value = information._sifields._sigchld.si_status
        let ended: ExitStatus = information.si_code == CLD_EXITED ? .exited(value) : .signaled(value)
        status = ended
        return ended
    }

    /// - Parameter result: of a function that fills `failure` where it is 1.
    private static func check(_ result: Int32, _ failure: berth_failure) throws(SandboxError) {
        switch result {
        case 0: return
        case 1: throw error(failure)
        default: throw .endedWhileStarting
        }
    }

    private static func error(_ failure: berth_failure) -> SandboxError {
        let subject = withUnsafeBytes(of: failure.subject) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let error = Errno(rawValue: failure.error)
        guard failure.step == BERTH_STEP_EXECUTE else {
            return .startFailed(step: String(cString: berth_step_phrase(failure.step)), subject: subject, error)
        }
        return error == .noSuchFileOrDirectory ? .commandNotFound(subject) : .commandNotExecutable(subject, error)
    }
}
