import CSandbox
import Glibc
import SystemPackage

/// What a container has outside of its folder, and a killed monitor leaves behind.
struct Leftovers {
    let container: Container

    /// Removes it, as far as it is there. The container's lock must be held.
    ///
    /// - Parameter process: the container's first process as it was written down.
    func remove(process: Int32?) {
        if let process { kill(process) }
        ContainerCgroup.find(of: container.id, in: container.folder)?.remove()
        ContainerRuntime(of: container)?.reap()
        try? ContainerNetwork.reap(container)
        unlink(container.folder.appending(MonitorSocket.fileName).string)
    }

    /// Ends what runs in the container still. The kernel does that when a monitor dies, unless the container's first
    /// process has asked it not to.
    private func kill(_ process: Int32) {
        let descriptor = berth_open_process(process)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // The number may be another process's by now.
        guard isInContainer(process) else { return }
        _ = berth_signal(descriptor, SIGKILL)
        var ended = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&ended, 1, 5_000)
    }

    /// Whether the process sees this container's root: the overlay's source names the container.
    func isInContainer(_ process: Int32) -> Bool {
        KernelFile(FilePath("/proc/\(process)/mountinfo")).text?.contains(container.id.rawValue) == true
    }
}
