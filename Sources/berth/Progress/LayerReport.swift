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

        /// Whether nothing more will be told of the layer.
        var isLast: Bool { ![.downloading, .downloaded, .uploading].contains(self) }
        /// Whether it is told again and again, with other numbers.
        var isRepeated: Bool { self == .downloading || self == .uploading }
    }

    let layer: Digest
    let status: Status
    /// How many bytes are at their place.
    let current: Int64
    /// How many there will be.
    let total: Int64
}
