import ImageSpec
import RegistryClient

/// What happens while an image is pushed.
package enum PushEvent: Sendable {
    /// The layers that will be seen to, lowest first.
    case layers([Descriptor])
    case layer(Descriptor, LayerStep)

    package enum LayerStep: Sendable, Equatable {
        /// Bytes that were sent, of the descriptor's size.
        case uploading(Int64)
        case done(BlobPush)
        /// A foreign layer, which stays where its own addresses lead.
        case skipped
    }
}
