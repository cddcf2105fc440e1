import Sandbox

/// Which containers use which volumes, running or not.
struct VolumeUsage {
    private let users: [VolumeName: [ContainerIdentifier]]

    init(_ store: ContainerStore) throws {
        var users: [VolumeName: [ContainerIdentifier]] = [:]
        for container in try store.all() {
            for name in Set(container.configuration.volumeNames) { users[name, default: []].append(container.id) }
        }
        self.users = users
    }

    func users(of name: VolumeName) -> [ContainerIdentifier] { users[name] ?? [] }
}
