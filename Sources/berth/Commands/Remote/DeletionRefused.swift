import ImageSpec
import RegistryClient

/// The registry doesn't delete it.
struct DeletionRefused: Error, CustomStringConvertible {
    let reference: ImageReference
    /// What the reference stands for; nil when the registry has no such thing.
    let digest: Digest?
    let refusal: RegistryRefusal

    var description: String {
        guard let digest else { return "\(reference.familiarName): the registry has no such image" }
        guard reference.digest == nil else {
            return "\(reference.familiarName): the registry deletes no images, it may be configured not to (\(refusal))"
        }
        let image = "\(reference.familiarRepository)@\(digest)"
        return "\(reference.familiarName): the registry deletes no tags alone; berth delete \(image) deletes the image "
            + "with all its tags"
    }
}
