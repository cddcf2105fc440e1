import Instruments
import Registry

/// Writes what the registry holds and does.
package enum RegistryMetrics {
    package static func write(_ registry: Registry, to text: inout MetricsText) async {
        text.add(
            "berthd_uploads_under_way",
            .gauge,
            "Uploads that are receiving bytes.",
            registry.uploadsUnderWay
        )
        let use = registry.manifestCacheUse
        text.begin("berthd_manifest_cache_total", .counter, "Manifests that were asked for.")
        text.sample("berthd_manifest_cache_total", ["result": "hit"], use.hits)
        text.sample("berthd_manifest_cache_total", ["result": "miss"], use.misses)
        // A number that isn't to be had is left out: a scrape tells the rest all the same.
        if let totals = try? await registry.totals() {
            text.add("berthd_blobs", .gauge, "Blobs that are stored.", totals.blobs)
            text.add("berthd_blob_bytes", .gauge, "Bytes of the blobs that are stored.", totals.bytes)
        }
        if let space = try? await registry.space() {
            text.add("berthd_disk_free_bytes", .gauge, "Bytes that are free where blobs are stored.", space.free)
            text.add("berthd_disk_bytes", .gauge, "Bytes of the file system where blobs are stored.", space.total)
        }
    }
}
