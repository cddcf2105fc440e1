import ImageSpec
import RegistryClient

/// What happens while an image is pushed.
package enum PushEvent: Sendable {
    /// The layers that will be seen to, lowest first.
    case layers([Descriptor])
    case layer(Descriptor, BlobPush)
}
