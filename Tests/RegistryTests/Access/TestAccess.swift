import Access
import Foundation
import Registry
import Storage
import SystemPackage

/// An access control on a database of its own, in a folder that goes with it.
struct TestAccess {
    let access: AccessControl
    let metadata: SQLiteMetadataStore
    let folder: FilePath

    /// Cheap to hash, for most tests are not about that.
    static var configuration: AccessConfiguration {
        var configuration = AccessConfiguration()
        configuration.passwordCost = 4
        return configuration
    }

    static func with(
        _ configuration: AccessConfiguration = configuration,
        htpasswd: String? = nil,
        _ body: (TestAccess) async throws -> Void
    ) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("berth-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = FilePath(path)
        var configuration = configuration
        if let htpasswd {
            configuration.passwordFile = folder.appending("htpasswd")
            try htpasswd.write(toFile: folder.appending("htpasswd").string, atomically: true, encoding: .utf8)
        }
        let metadata = try SQLiteMetadataStore(path: folder.appending("registry.sqlite"))
        let access = try await AccessControl(metadata: metadata, configuration: configuration)
        try await body(TestAccess(access: access, metadata: metadata, folder: folder))
        try metadata.close()
    }

    func write(htpasswd: String) throws {
        try htpasswd.write(toFile: folder.appending("htpasswd").string, atomically: true, encoding: .utf8)
    }

    /// What a login comes to, from an address of its own unless one is given.
    func logIn(_ name: String, _ password: String, from address: String = "192.0.2.1") async -> LoginOutcome {
        do {
            let credential = BasicCredential(username: name, password: password)
            return .success(try await access.authenticate(credential, from: address))
        } catch {
            return .failure(error)
        }
    }
}

typealias LoginOutcome = Result<Identity, AuthenticationError>
