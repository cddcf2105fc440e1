import CSandbox
import Glibc

/// A map as the C side takes it; its pointers stay where they are as long as this lives.
package final class MapCommands {
    private var words: [UnsafeMutablePointer<CChar>?] = []
    private var lists: [UnsafeMutablePointer<UnsafePointer<CChar>?>] = []
    package let map: UnsafeMutablePointer<berth_user_map>

    package init(_ map: UserMap) {
        self.map = .allocate(capacity: 1)
        self.map.initialize(to: berth_user_map())
        self.map.pointee.users = list(MapTools.users ?? "newuidmap", map.users)
        self.map.pointee.groups = list(MapTools.groups ?? "newgidmap", map.groups)
    }

    deinit {
        for word in words { free(word) }
        for list in lists { list.deallocate() }
        map.deallocate()
    }

    /// The tool, a place for the process's number, and three numbers for each extent.
    private func list(_ tool: String, _ extents: [UserMap.Extent]) -> UnsafeMutablePointer<UnsafePointer<CChar>?> {
        let texts = [tool, ""] + extents.flatMap { ["\($0.inside)", "\($0.outside)", "\($0.count)"] }
        let list = UnsafeMutablePointer<UnsafePointer<CChar>?>.allocate(capacity: texts.count + 1)
        for (index, text) in texts.enumerated() {
            let word = strdup(text)
            words.append(word)
            (list + index).initialize(to: UnsafePointer(word))
        }
        (list + texts.count).initialize(to: nil)
        lists.append(list)
        return list
    }
}
