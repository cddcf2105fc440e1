import Foundation

extension JSONEncoder {
    /// Writes JSON as registries do: names with their slashes as they are, keys in order.
    static var wire: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}
