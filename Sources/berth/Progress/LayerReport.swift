import ImageSpec

/// How far a layer is.
struct LayerReport: Sendable, Equatable {
    enum Status: String, Sendable {
        case downloading = "Downloading"
        case downloaded = "Download complete"
        case alreadyHere = "Already exists"
        case unpacked = "Pull complete"
        case uploading = "Pushing"
        case alreadyThere = "Layer already exists"
        case mounted = "Mounted from another repository"
        case uploaded = "Pushed"
        case copying = "Copying"
        case copied = "Copied"
        case skipped = "Skipped foreign layer"

        /// Whether nothing more will be told of the layer.
        var isLast: Bool { ![.downloading, .downloaded, .uploading, .copying].contains(self) }
        /// Whether it is told again and again, with other numbers.
        var isRepeated: Bool { [.downloading, .uploading, .copying].contains(self) }
    }

    let layer: Digest
    let status: Status
    /// How many bytes are at their place.
    let current: Int64
    /// How many there will be.
    let total: Int64
}
