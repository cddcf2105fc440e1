/// What a confined process says, a line of JSON each, on its descriptor 3.
enum TreeReport: Codable {
    /// What is going to be copied; before the archive's first byte.
    case found(CopySource)
    /// It is ready to take an archive.
    case ready
    case done
    case failed(reason: String, isMissing: Bool)
}
