import SystemPackage
import UserNamespaces

/// What a container is made of: an image's layers, the process that runs on them, and how it is kept.
package struct ContainerConfiguration: Sendable {
    /// The image's name as the user said it; for the record only.
    package var image: String
    /// The digest of the image's config; empty where there is no image.
    package var imageID = ""
    /// The unpacked layers, lowest first, in overlayfs's own form. They are never written.
    package var layers: [FilePath]
    /// Whose files the layers' and the container's are, and who is in it; nil for root's, and where it has root only.
    package var userMap: UserMap?
    package var process: ContainerProcess
    /// Nil for the container's short ID.
    package var hostname: Hostname?
    package var name: ContainerName?
    /// Whether nothing stays of the container once its process has ended.
    package var isRemovedWhenStopped: Bool
    package var labels: [String: String] = [:]
    package var input = InputConfiguration()
    package var stop = StopConfiguration()
    package var restart = RestartPolicy.never
    package var log = LogConfiguration()
    package var isolation = IsolationConfiguration()
    package var resources = ResourceLimits()
    /// Nil for no looks at how it is.
    package var health: HealthConfiguration?
    package var mounts = MountConfiguration()
    package var network = NetworkConfiguration()
    /// Nil for berth's own sandbox.
    package var runtime: RuntimeProgram?

    package init(
        image: String,
        layers: [FilePath],
        process: ContainerProcess,
        hostname: Hostname? = nil,
        name: ContainerName? = nil,
        isRemovedWhenStopped: Bool = false
    ) {
        self.image = image
        self.layers = layers
        self.process = process
        self.hostname = hostname
        self.name = name
        self.isRemovedWhenStopped = isRemovedWhenStopped
    }
}

extension ContainerConfiguration: Codable {
    private enum CodingKeys: String, CodingKey {
        case image, imageID, layers, process, hostname, name, isRemovedWhenStopped, labels, input, stop, restart, log
        case isolation, resources, health, mounts, network, runtime, userMap
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            image: try values.decode(String.self, forKey: .image),
            layers: try values.decode([String].self, forKey: .layers).map { FilePath($0) },
            process: try values.decode(ContainerProcess.self, forKey: .process),
            hostname: try values.decodeIfPresent(Hostname.self, forKey: .hostname),
            name: try values.decodeIfPresent(ContainerName.self, forKey: .name),
            isRemovedWhenStopped: try values.decode(.isRemovedWhenStopped, default: false)
        )
        imageID = try values.decode(.imageID, default: imageID)
        labels = try values.decode(.labels, default: labels)
        input = try values.decode(.input, default: input)
        stop = try values.decode(.stop, default: stop)
        restart = try values.decode(.restart, default: restart)
        log = try values.decode(.log, default: log)
        isolation = try values.decode(.isolation, default: isolation)
        resources = try values.decode(.resources, default: resources)
        health = try values.decodeIfPresent(HealthConfiguration.self, forKey: .health)
        mounts = try values.decode(.mounts, default: mounts)
        network = try values.decode(.network, default: network)
        runtime = try values.decodeIfPresent(RuntimeProgram.self, forKey: .runtime)
        userMap = try values.decodeIfPresent(UserMap.self, forKey: .userMap)
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(image, forKey: .image)
        try values.encode(imageID, forKey: .imageID)
        try values.encode(layers.map(\.string), forKey: .layers)
        try values.encode(process, forKey: .process)
        try values.encodeIfPresent(hostname, forKey: .hostname)
        try values.encodeIfPresent(name, forKey: .name)
        try values.encode(isRemovedWhenStopped, forKey: .isRemovedWhenStopped)
        try values.encode(labels, forKey: .labels)
        try values.encode(input, forKey: .input)
        try values.encode(stop, forKey: .stop)
        try values.encode(restart, forKey: .restart)
        try values.encode(log, forKey: .log)
        try values.encode(isolation, forKey: .isolation)
        try values.encode(resources, forKey: .resources)
        try values.encodeIfPresent(health, forKey: .health)
        try values.encode(mounts, forKey: .mounts)
        try values.encode(network, forKey: .network)
        try values.encodeIfPresent(runtime, forKey: .runtime)
        try values.encodeIfPresent(userMap, forKey: .userMap)
    }
}
