import SystemPackage

/// Whom the host asks for names: its /etc/resolv.conf.
struct HostResolver {
    /// In bytes.
    private static let maximumSize = 64 << 10

    private(set) var servers: [IPAddress] = []
    private(set) var search: [String] = []
    private(set) var options: [String] = []
    private(set) var text = ""

    /// One that can't be read says nothing.
    init(path: FilePath = "/etc/resolv.conf") {
        // It is a link in many systems.
        guard let content = KernelFile(path).text, content.utf8.count <= Self.maximumSize else { return }
        text = content.filter { $0 != "\0" }
        for line in text.split(separator: "\n") {
            let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
            switch words.first {
            // A zone is of the host's interfaces, which the container hasn't.
            case "nameserver": servers += words.dropFirst().prefix(1).compactMap { IPAddress($0) }
            case "search", "domain": search = Array(words.dropFirst())
            case "options": options += words.dropFirst()
            default: break
            }
        }
    }
}
