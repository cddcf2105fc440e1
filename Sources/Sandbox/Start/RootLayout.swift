import CSandbox
import SystemPackage

/// Lays out what the C side needs to mount a container's root.
struct RootLayout {
    let container: Container
    let strings: CStrings

    func layOut(into plan: inout berth_plan) throws {
        let folder = container.folder
        plan.mount_point = strings.string(folder.appending("root").string)

        plan.overlay_source = strings.string(container.id.rawValue)
        // overlayfs wants the highest first.
        let layers = try container.configuration.layers.reversed().map(absolute)
        var links = layers.enumerated().map { (name: "\($0.offset)", target: $0.element.string) }
        let lower = (links.map(\.name) + ["base"]).joined(separator: ":")
        links.append((name: "upper", target: folder.appending("upper").string))
        links.append((name: "work", target: folder.appending("work").string))
        plan.links = UnsafePointer(
            strings.array(
                links.map { berth_link(name: strings.string($0.name), target: strings.string($0.target)) }
            )
        )
        plan.link_count = links.count
        // A redirect or an index would tie the writable layer to this very stack of layers.
        let options = "lowerdir=\(lower),upperdir=upper,workdir=work,index=off,redirect_dir=nofollow"
        plan.overlay_options = strings.string(options + (StartPlan.isRootless ? ",userxattr" : ""))
    }
}
