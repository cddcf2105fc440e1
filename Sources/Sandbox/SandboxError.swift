import SystemPackage

/// What a container can't be made or run for.
package enum SandboxError: Error, Sendable, Equatable {
    case invalidContainerName(String)
    case containerNameInUse(String, containerID: String)
    case invalidHostname(String)
    case invalidWorkingDirectory(String)
    case noCommand
    case nullCharacter(in: String)
    case tooManyLayers(Int)
    case unknownCapability(String)
    case invalidMount(String, reason: String)
    case duplicateMountPoint(String)
    case invalidSetting(String)
    case settingNotOfContainer(String)
    case settingOfHost(String)
    case invalidDevice(String)
    case notADevice(String)
    case noFilter(FilePath)
    case monitorNotSealed
    case invalidLimit(String)
    case unknownUser(String)
    case unknownGroup(String)
    case tooManyGroups(user: String)
    case userNotMapped(String)
    case usersNotMapped(Errno)
    case accountFileTooLarge
    case inputIsNotATerminal
    case commandNotFound(String)
    case commandNotExecutable(String, Errno)
    /// The child said what it could not do; `subject` is what it tried that on, where there is one.
    case startFailed(step: String, subject: String, Errno)
    case endedWhileStarting
    case signalsRelayedAlready
    case noSuchContainer(String)
    case ambiguousContainer(String)
    case damagedContainer(FilePath)
    case containerIsRunning(String)
    case containerIsNotRunning(String)
    case invalidRestartPolicy(String)
    case invalidDetachKeys(String)
    case refusedByMonitor(String)
    case limitNotPossible(String)
    case containerIsPaused(String)
    case containerIsNotPaused(String)
    case noMonitorProgram([FilePath])
    case noRuntime(String)
    case notWithRuntime(String)
    case noInit
    /// What a runtime said.
    case runtimeFailed(String, String)
    case monitorEnded(String)
    case containerIsBusy(String)
    case invalidVolumeName(String)
    case noSuchVolume(String)
    case volumeInUse(String, containers: [String])
    case system(operation: String, path: FilePath, Errno)
}

extension SandboxError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidContainerName(let name):
            "'\(name)' is not a container name: it should be two or more letters, digits, _, . and -, "
                + "and begin with a letter or digit"
        case .containerNameInUse(let name, let containerID):
            "the name '\(name)' is in use by container \(containerID): remove that container or choose another name"
        case .invalidHostname(let name):
            "'\(name)' is not a host name: it should be at most \(Hostname.maximumLength) letters, digits, - and ."
        case .invalidWorkingDirectory(let path):
            "the working folder '\(path)' is not an absolute path"
        case .noCommand:
            "no command: the image names none, so give one behind the image"
        case .nullCharacter(let text):
            "'\(text)' holds a null character, which no argument, variable or path may"
        case .tooManyLayers(let count):
            "the image has \(count) layers: the kernel mounts at most \(StartPlan.maximumLayers)"
        case .unknownCapability(let name):
            "no capability '\(name)': name one as capabilities(7) does, with or without CAP_, or ALL"
        case .invalidMount(let text, let reason):
            "'\(text)' is not a mount: \(reason)"
        case .duplicateMountPoint(let path):
            "two mounts are for \(path): leave one out"
        case .invalidSetting(let text):
            "'\(text)' is not a setting: it should be name=value, as in net.ipv4.ip_forward=1"
        case .settingNotOfContainer(let name):
            "the setting '\(name)' is the host's, not the container's: it should be one of net., fs.mqueue. or "
                + "kernel.msg…, kernel.sem and kernel.shm…"
        case .settingOfHost(let name):
            "the setting '\(name)' would be the host's, whose namespace the container has"
        case .invalidDevice(let text):
            "'\(text)' is not a device: it should be path[:path in the container][:rwm], both absolute"
        case .notADevice(let path):
            "'\(path)' is not a device of this host"
        case .noFilter(let path):
            "the container's seccomp filter \(path) is missing: make the container anew"
        case .monitorNotSealed:
            "berth-monitor can be written to by containers: it should be started by berth only"
        case .invalidLimit(let text):
            "'\(text)' is not a limit: it should be resource=soft[:hard], the resource one of "
                + ResourceLimit.Resource.allCases.map(\.rawValue).sorted().joined(separator: ", ")
                + ", the soft limit not above the hard one, and -1 for no limit"
        case .unknownUser(let name):
            "no user '\(name)' in the image's /etc/passwd"
        case .unknownGroup(let name):
            "no group '\(name)' in the image's /etc/group"
        case .tooManyGroups(let user):
            "the image puts '\(user)' into more groups than \(ProcessIdentity.maximumGroups)"
        case .userNotMapped(let user):
            "cannot be '\(user)' in the container: it has only the users and groups that are yours, yourself and those "
                + "in /etc/subuid and /etc/subgid; have more of them entered there, run it as root, or with --user 0"
        case .usersNotMapped(.notPermitted):
            "newuidmap and newgidmap could not map the container's users: see that /etc/subuid and /etc/subgid have "
                + "what they had for you when the container was made, or make it anew"
        case .usersNotMapped(let error):
            "newuidmap and newgidmap, which map the container's users, could not be run: \(error)"
        case .accountFileTooLarge:
            "the image's /etc/passwd or /etc/group is larger than \(AccountFile.maximumSize) bytes"
        case .inputIsNotATerminal:
            "the input is not a terminal: leave out -t"
        case .commandNotFound(let command):
            "\(command): not found in the container"
        case .commandNotExecutable(let command, let error):
            "\(command): cannot be executed in the container: \(error)"
        case .startFailed(let step, let subject, let error):
            step + (subject.isEmpty ? "" : " \(subject)") + ": \(error)"
        case .endedWhileStarting:
            "the container's first process was killed while it started"
        case .signalsRelayedAlready:
            "another container of this process gets its signals already"
        case .noSuchContainer(let name):
            "no such container: \(name)"
        case .ambiguousContainer(let prefix):
            "more than one container begins with '\(prefix)': give more of its ID or name"
        case .damagedContainer(let path):
            "\(path) can't be read: remove the container by force"
        case .containerIsRunning(let name):
            "container \(name) is running: stop it first"
        case .containerIsNotRunning(let name):
            "container \(name) is not running"
        case .invalidRestartPolicy(let text):
            "'\(text)' is not a restart policy: it should be no, on-failure[:n], always or unless-stopped"
        case .invalidDetachKeys(let text):
            "'\(text)' are not detach keys: give characters or ctrl- and a character, with commas between"
        case .limitNotPossible(let limit):
            "\(limit) isn't possible here: the control groups lack what it needs, or are not this user's"
        case .containerIsPaused(let name):
            "container \(name) is paused: unpause it first"
        case .containerIsNotPaused(let name):
            "container \(name) is not paused"
        case .refusedByMonitor(let message):
            message
        case .noMonitorProgram(let places):
            "the program berth-monitor is missing: it should be at \(places.map(\.string).joined(separator: " or "))"
        case .noRuntime(let name):
            "the runtime '\(name)' is missing: install it, or give a path to it"
        case .notWithRuntime(let wish):
            "\(wish) is for berth's own sandbox only: leave it out, or run the container with "
                + "--runtime \(RuntimeProgram.ownName)"
        case .noInit:
            "--init takes docker-init, tini-static or catatonit where a runtime runs the container, and none of them is "
                + "installed: install one (Debian: tini)"
        case .runtimeFailed(let name, let complaint):
            "the runtime \(name) failed: \(complaint)"
        case .monitorEnded(let lastWords):
            "the container's monitor ended without an answer" + (lastWords.isEmpty ? "" : ": \(lastWords)")
        case .containerIsBusy(let name):
            "container \(name) is being started or ended: try again"
        case .invalidVolumeName(let name):
            "'\(name)' is not a volume name: it should be two or more letters, digits, _, . and -, and begin with a "
                + "letter or digit; a folder of this host is given by its absolute path"
        case .noSuchVolume(let name):
            "no such volume: \(name)"
        case .volumeInUse(let name, let containers):
            "the volume \(name) is in use by \(containers.joined(separator: ", ")): remove those containers first"
        case .system(let operation, let path, let error):
            "cannot \(operation) \(path): \(error)"
        }
    }
}

extension SandboxError {
    /// Whether the process could not begin where it was to.
    package var isAboutWorkingFolder: Bool {
        guard case .startFailed(let step, _, _) = self else { return false }
        return step == "cannot enter the working folder"
    }

    /// Whether the process could not be whom it was to be.
    package var isAboutUser: Bool {
        switch self {
        case .unknownUser, .unknownGroup: true
        default: false
        }
    }

    /// What a command that runs a program ends with when it can't, as docker's.
    package var exitStatus: Int32 {
        switch self {
        case .commandNotFound: 127
        case .commandNotExecutable: 126
        default: 125
        }
    }
}
