/// Who is measured.
enum Contestant: String, CaseIterable, Encodable, CodingKeyRepresentable {
    case berthd
    /// Our own client.
    case berth
    /// Debian's `docker-registry`: CNCF distribution 2.8.
    case dockerRegistry = "docker-registry"
    /// Static files, by sendfile.
    case nginx
    /// With runc.
    case podman
    /// podman with crun.
    case podmanCrun = "podman+crun"
    case docker
    case skopeo
    /// The runtimes by themselves, with a bundle that somebody has laid out.
    case runc
    case crun
    /// What the disk does without any server.
    case disk
    /// What one core hashes.
    case sha256

    /// Whether it is of this project: the others are what it is measured by.
    var isOurs: Bool { self == .berthd || self == .berth }
}

extension [Contestant: Double] {
    /// The number of the one of ours: the server's or the client's.
    var own: Double? { self[.berthd] ?? self[.berth] }
}
