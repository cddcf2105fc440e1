/// Why a text is none of the names and patterns by which access is granted.
package enum AccessError: Error, Sendable, Hashable {
    case invalidName(String)
    case invalidPattern(String)
    case invalidActions(String)
    case invalidSubject(String)
}

extension AccessError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidName(let text):
            "'\(text)' can't be a name: it should have 1 to 128 lower-case letters and digits, with . _ - + or @ between"
        case .invalidPattern(let text):
            "'\(text)' is no pattern of repositories: it should be as team/app, team/* (one more part) or team/** (any)"
        case .invalidActions(let text):
            "'\(text)' should be some of pull, push, delete and administer, with commas between"
        case .invalidSubject(let text):
            "'\(text)' should be user:NAME, group:NAME, signed-in or everyone"
        }
    }
}
