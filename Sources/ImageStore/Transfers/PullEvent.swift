import ImageSpec

/// What happens while an image is pulled.
package enum PullEvent: Sendable {
    /// What the registry named by the reference.
    case resolved(Digest)
    /// The layers, lowest first.
    case layers([Descriptor])
    case layer(Descriptor, LayerStep)

    package enum LayerStep: Sendable, Equatable {
        case alreadyHere
        /// Bytes that are here, of the descriptor's size.
        case downloading(Int64)
        case downloaded
        case unpacked
    }
}
