import ImageSpec

/// Bytes were handed on that proved to be wrong: whoever has them must not take them for whole.
package struct WrongBytesHandedOn: Error, CustomStringConvertible {
    let digest: Digest

    package var description: String {
        "what came for \(digest) from the upstream has another digest; it is fetched anew"
    }
}
