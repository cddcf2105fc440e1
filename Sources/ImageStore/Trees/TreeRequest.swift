/// All that a confined process is told, on its descriptor 4.
struct TreeRequest: Codable {
    var root: TreeRoot
    var task: TreeTask
}
