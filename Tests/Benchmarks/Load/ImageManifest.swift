import ImageSpec

let manifestType = "application/vnd.oci.image.manifest.v1+json"
let configType = "application/vnd.oci.image.config.v1+json"
let layerType = "application/vnd.oci.image.layer.v1.tar"

/// A descriptor, as JSON.
func descriptor(of bytes: [UInt8], _ digest: Digest, _ mediaType: String) -> String {
    #"{"mediaType":"\#(mediaType)","digest":"\#(digest)","size":\#(bytes.count)}"#
}

/// An image's manifest, of descriptors.
func imageManifest(config: String, layers: [String]) -> [UInt8] {
    let layers = layers.joined(separator: ",")
    let manifest = #"{"schemaVersion":2,"mediaType":"\#(manifestType)","config":\#(config),"layers":[\#(layers)]}"#
    return Array(manifest.utf8)
}
