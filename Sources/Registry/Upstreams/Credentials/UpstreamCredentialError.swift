/// A file of credentials is of no use.
struct UpstreamCredentialError: Error, CustomStringConvertible {
    let file: String
    let reason: String

    var description: String { "the credentials in \(file) can't be used: \(reason)" }
}
