import Instruments
import Storage

/// A blob's bytes: all of them, those that have come so far, or the way to them.
package struct BlobContent: Sendable {
    package enum Bytes: Sendable {
        case stored(OpenBlob)
        /// Of a cached repository, on their way from its upstream.
        case arriving(ArrivingBlob)
        /// Of a cached repository that has no room for it.
        case passing(PassingBlob)
    }

    package let bytes: Bytes
    /// Counts what is sent of it; nil where nobody wants to know.
    private let served: Counter?

    init(_ bytes: Bytes, served: Counter? = nil) {
        self.bytes = bytes
        self.served = served
    }

    /// In bytes, of the whole blob.
    package var size: Int64 {
        switch bytes {
        case .stored(let blob): blob.size
        case .arriving(let blob): blob.size
        case .passing(let blob): blob.size
        }
    }

    /// Takes note that so many of its bytes were sent.
    package func noteServed(_ byteCount: Int) {
        served?.add(byteCount)
    }
}
