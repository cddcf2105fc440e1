import ImageSpec

extension JSONValue {
    /// The member as a table shows it: a list with commas between, nothing for what isn't there.
    func cell(_ name: String) -> String {
        switch self[name] {
        case .string(let text)?: text
        case .integer(let number)?: "\(number)"
        case .bool(let flag)?: flag ? "yes" : "no"
        case .array(let elements)?: elements.compactMap(\.string).joined(separator: ",")
        default: ""
        }
    }
}
