/// What starts a server.
struct ServerCommand {
    var words: [String]
    var environment: [String: String] = [:]
}
