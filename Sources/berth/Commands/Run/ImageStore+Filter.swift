import ImageStore
import Sandbox
import Seccomp

extension ImageStore {
    /// Makes the seccomp filter that most containers have, where this store has none yet.
    ///
    /// It takes longer than most of a container's start does, so it is done while an image is on its way: the first
    /// container of that image then starts as fast as the others. One that can't be made is made, or refused, at the start.
    func prepareFilter() async {
        let capabilities = CapabilitySet.standard
        _ = try? SeccompFilterCache(folder: root.appending("seccomp"))
            .standardFilter(capabilities: Set(capabilities.capabilities.map(\.name)), bits: capabilities.bits)
    }
}
