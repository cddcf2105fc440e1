import Instruments
import Registry

/// Writes what the caches of upstreams hold and do; nothing where there are none.
package enum CacheMetrics {
    package static func write(_ registry: Registry, to text: inout MetricsText) async {
        // A number that isn't to be had is left out: a scrape tells the rest all the same.
        guard let status = try? await registry.cacheStatus() else { return }
        writeRequests(status, to: &text)
        writeSpace(status, to: &text)
        text.begin("berthd_cache_endpoint_up", .gauge, "Whether an upstream's endpoint is asked just now.")
        for endpoint in status.endpoints {
            text.sample("berthd_cache_endpoint_up", labels(of: endpoint), endpoint.isAvailable ? 1 : 0)
        }
        text.begin(
            "berthd_cache_endpoint_bytes_per_second",
            .gauge,
            "What an upstream's endpoint brings over one connection."
        )
        for endpoint in status.endpoints {
            guard let rate = endpoint.rate else { continue }
            text.sample("berthd_cache_endpoint_bytes_per_second", labels(of: endpoint), Int(rate))
        }
    }

    private static func labels(of endpoint: CacheStatus.Endpoint) -> MetricsText.Labels {
        ["upstream": endpoint.upstream, "endpoint": endpoint.name]
    }

    private static func writeRequests(_ status: CacheStatus, to text: inout MetricsText) {
        text.begin("berthd_cache_blobs_total", .counter, "Blobs of caches that were asked for.")
        text.sample("berthd_cache_blobs_total", ["result": "hit"], status.blobHits)
        text.sample("berthd_cache_blobs_total", ["result": "joined"], status.blobJoins)
        text.sample("berthd_cache_blobs_total", ["result": "miss"], status.blobMisses)
        text.begin("berthd_cache_manifests_total", .counter, "Manifests of caches that were asked for.")
        text.sample("berthd_cache_manifests_total", ["result": "hit"], status.manifestHits)
        text.sample("berthd_cache_manifests_total", ["result": "miss"], status.manifestMisses)
        text.sample("berthd_cache_manifests_total", ["result": "stale"], status.stale)
        text.add("berthd_cache_revalidations_total", .counter, "Tags asked for at upstreams.", status.revalidations)
        text.add("berthd_cache_unchanged_total", .counter, "Of these, those that had not moved.", status.unchanged)
        text.add(
            "berthd_cache_failures_total",
            .counter,
            "Requests that no upstream could be asked for.",
            status.failures
        )
        text.add("berthd_cache_wrong_blobs_total", .counter, "Blobs that came with other bytes.", status.wrongBlobs)
        text.add("berthd_cache_upstream_bytes_total", .counter, "Bytes of blobs from upstreams.", status.upstreamBytes)
        text.add("berthd_cache_served_bytes_total", .counter, "Bytes of blobs for clients.", status.servedBytes)
    }

    private static func writeSpace(_ status: CacheStatus, to text: inout MetricsText) {
        text.add("berthd_cache_bytes", .gauge, "Bytes of blobs that only caches hold.", status.blobBytes)
        text.add("berthd_cache_manifest_bytes", .gauge, "Bytes of manifests of caches.", status.manifestBytes)
        text.add("berthd_cache_download_bytes", .gauge, "Bytes kept free for what is on its way.", status.downloadBytes)
        text.add("berthd_cache_downloads", .gauge, "Blobs that are on their way.", status.downloads.count)
        if let limit = status.limit {
            text.add("berthd_cache_limit_bytes", .gauge, "Bytes that caches may take.", limit)
        }
        text.add("berthd_cache_evicted_blobs_total", .counter, "Blobs that had to go.", status.evictedBlobs)
        text.add(
            "berthd_cache_evicted_manifests_total",
            .counter,
            "Manifests that had to go.",
            status.evictedManifests
        )
        text.add("berthd_cache_evicted_bytes_total", .counter, "Bytes of what had to go.", status.evictedBytes)
        text.add(
            "berthd_cache_passed_blobs_total",
            .counter,
            "Blobs that had no room and were handed on to one client.",
            status.passedBlobs
        )
    }
}
