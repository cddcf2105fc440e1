import ImageSpec
import ImageStore

/// Prints what a pull does, in docker's words.
struct PullProgress: Sendable {
    private let reference: ImageReference
    private let isQuiet: Bool

    init(of reference: ImageReference, isQuiet: Bool) {
        self.reference = reference
        self.isQuiet = isQuiet
    }

    /// - Parameter name: as the user gave it.
    func begin(name: String) {
        guard !isQuiet else { return }
        if let tag = reference.tag, !name.hasSuffix(":\(tag)"), reference.digest == nil {
            Terminal.print("Using default tag: \(tag)")
        }
        Terminal.print("\(reference.manifestReference): Pulling from \(reference.repository)")
    }

    func show(_ event: PullEvent) {
        guard !isQuiet, case .layer(let layer, let step) = event else { return }
        switch step {
        case .alreadyHere: Terminal.print("\(layer.digest.short): Already exists")
        case .downloading: break
        case .downloaded: Terminal.print("\(layer.digest.short): Download complete")
        case .unpacked: Terminal.print("\(layer.digest.short): Pull complete")
        }
    }

    func end(_ result: PullResult) {
        if !isQuiet {
            let name = reference.familiarName
            Terminal.print("Digest: \(result.image.resolvedDigest)")
            Terminal.print(
                result.wasUpToDate
                    ? "Status: Image is up to date for \(name)" : "Status: Downloaded newer image for \(name)"
            )
        }
        Terminal.print("\(reference)")
    }
}
