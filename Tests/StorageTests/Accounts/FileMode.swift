import Foundation

/// Who may do what with a file.
enum FileMode {
    static func of(_ path: String) throws -> UInt16 {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? NSNumber)?.uint16Value ?? 0
    }

    static func set(_ mode: UInt16, of path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: NSNumber(value: mode)], ofItemAtPath: path)
    }
}
