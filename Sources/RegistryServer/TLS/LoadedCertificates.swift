import Foundation
import NIOSSL

/// A listener's certificates as they were read, with all that their connections share.
struct LoadedCertificates: Sendable {
    let context: NIOSSLContext
    /// Until when our own is valid.
    let expiry: Date
}
