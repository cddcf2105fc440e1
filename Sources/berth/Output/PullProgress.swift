import ImageSpec
import ImageStore

/// Prints what a pull does, in docker's words.
struct PullProgress: Sendable {
    private let reference: ImageReference
    private let isQuiet: Bool
    private let write: @Sendable (String) -> Void

    /// - Parameter write: where the lines go.
    init(
        of reference: ImageReference,
        isQuiet: Bool,
        to write: @escaping @Sendable (String) -> Void = { Terminal.print($0) }
    ) {
        self.reference = reference
        self.isQuiet = isQuiet
        self.write = write
    }

    /// - Parameter name: as the user gave it.
    func begin(name: String) {
        guard !isQuiet else { return }
        if let tag = reference.tag, !name.hasSuffix(":\(tag)"), reference.digest == nil {
            write("Using default tag: \(tag)")
        }
        write("\(reference.manifestReference): Pulling from \(reference.repository)")
    }

    func show(_ event: PullEvent) {
        guard !isQuiet, case .layer(let layer, let step) = event else { return }
        switch step {
        case .alreadyHere: write("\(layer.digest.short): Already exists")
        case .downloading: break
        case .downloaded: write("\(layer.digest.short): Download complete")
        case .unpacked: write("\(layer.digest.short): Pull complete")
        }
    }

    func end(_ result: PullResult) {
        if !isQuiet {
            let name = reference.familiarName
            write("Digest: \(result.image.resolvedDigest)")
            write(
                result.wasUpToDate
                    ? "Status: Image is up to date for \(name)" : "Status: Downloaded newer image for \(name)"
            )
        }
        write("\(reference)")
    }
}
