import CDigest

/// Computes a ``Digest`` from bytes as they come.
///
/// It is a plain value: a copy goes on by itself, and its state can be saved and restored, which is how an
/// upload session survives a restart.
package struct DigestHasher: Sendable {
    private enum State: Sendable {
        case sha256(berth_sha256)
        case sha512(berth_sha512)
    }

    private var state: State

    package init(_ algorithm: DigestAlgorithm) {
        switch algorithm {
        case .sha256:
            var context = berth_sha256()
            berth_sha256_init(&context)
            state = .sha256(context)
        case .sha512:
            var context = berth_sha512()
            berth_sha512_init(&context)
            state = .sha512(context)
        }
    }

    package var algorithm: DigestAlgorithm {
        switch state {
        case .sha256: .sha256
        case .sha512: .sha512
        }
    }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        switch state {
        case .sha256(var context):
            berth_sha256_update(&context, bytes.baseAddress, bytes.count)
            state = .sha256(context)
        case .sha512(var context):
            berth_sha512_update(&context, bytes.baseAddress, bytes.count)
            state = .sha512(context)
        }
    }

    /// The digest of all bytes so far.
    package func finalize() -> Digest {
        var hash = [UInt8](repeating: 0, count: algorithm.byteCount)
        switch state {
        case .sha256(var context): berth_sha256_final(&context, &hash)
        case .sha512(var context): berth_sha512_final(&context, &hash)
        }
        return Digest(algorithm: algorithm, bytes: hash)
    }
}

extension DigestHasher {
    /// The state, to be given to ``init(_:savedState:)`` of a process on the same kind of machine.
    package var savedState: [UInt8] {
        switch state {
        case .sha256(let context): withUnsafeBytes(of: context, Array.init)
        case .sha512(let context): withUnsafeBytes(of: context, Array.init)
        }
    }

    /// Goes on from a state that ``savedState`` gave; nil when it isn't one.
    ///
    /// The bytes must come from a trusted place (our own database): a forged state can make a wrong digest.
    package init?(_ algorithm: DigestAlgorithm, savedState: [UInt8]) {
        switch algorithm {
        case .sha256:
            guard let context = Self.restore(savedState, into: berth_sha256()) else { return nil }
            state = .sha256(context)
        case .sha512:
            guard let context = Self.restore(savedState, into: berth_sha512()) else { return nil }
            state = .sha512(context)
        }
    }

    private static func restore<Context: BitwiseCopyable>(_ bytes: [UInt8], into empty: Context) -> Context? {
        guard bytes.count == MemoryLayout<Context>.size else { return nil }
        var context = empty
        withUnsafeMutableBytes(of: &context) { $0.copyBytes(from: bytes) }
        return context
    }
}
