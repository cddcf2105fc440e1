import ImageSpec
import RegistryClient
import Synchronization

/// The manifests of a copy that a layout's `index.json` is to list.
final class NamedManifests: Sendable {
    struct Entry: Sendable {
        let descriptor: Descriptor
        let name: String?
    }

    /// Protects the list: a destination is used by several tasks.
    private let entries = Mutex<[Entry]>([])

    var all: [Entry] { entries.withLock { $0 } }

    /// Manifests that an index names are found through that.
    func add(_ manifest: ResolvedManifest, as role: ManifestRole, rootName: LayoutName?) {
        let entry: Entry? =
            switch role {
            case .root:
                if case .name(let name) = rootName {
                    Entry(descriptor: manifest.descriptor, name: name)
                } else {
                    Entry(descriptor: manifest.descriptor, name: nil)
                }
            case .child: nil
            case .referrer: Entry(descriptor: manifest.referrerDescriptor, name: nil)
            case .companion(let tag): Entry(descriptor: manifest.descriptor, name: tag.rawValue)
            }
        if let entry { entries.withLock { $0.append(entry) } }
    }
}
