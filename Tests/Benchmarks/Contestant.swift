/// Who is measured.
enum Contestant: String, CaseIterable, Encodable, CodingKeyRepresentable {
    case berthd
    /// Debian's `docker-registry`: CNCF distribution 2.8.
    case dockerRegistry = "docker-registry"
    /// Static files, by sendfile.
    case nginx
    /// What the disk does without any server.
    case disk
    /// What one core hashes.
    case sha256
}
