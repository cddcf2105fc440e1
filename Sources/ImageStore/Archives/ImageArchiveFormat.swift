/// The form in which images are saved.
package enum ImageArchiveFormat: String, Sendable, CaseIterable {
    /// An image layout with docker's list of images beside it, which all docker-like tools read.
    case docker = "docker-archive"
    /// An image layout and nothing else.
    case oci = "oci-archive"
}

/// How an archive of images is compressed; its layers most often are already.
package enum ImageArchiveCompression: String, Sendable, CaseIterable {
    case none
    case gzip
    case zstd
}
