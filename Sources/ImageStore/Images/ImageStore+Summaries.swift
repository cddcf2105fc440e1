import ImageSpec

extension ImageStore {
    /// What lists show of all images, the newest first; entries of other tools that are no images are left out.
    package func summaries() throws -> [ImageSummary] {
        let summaries = try layout.withLock(.shared) { lock in
            try layout.index(lock).entries.compactMap { try? summary(of: $0) }
        }
        // Moving numbers is cheaper than moving summaries.
        let created = summaries.map { $0.created ?? "" }
        return summaries.indices.sorted { created[$0] > created[$1] }.map { summaries[$0] }
    }

    /// What lists show of the image: once for each name that it has here.
    package func summaries(of image: LocalImage) throws -> [ImageSummary] {
        try layout.withLock(.shared) { lock in
            try layout.index(lock).entries.compactMap { try? summary(of: $0) }.filter { $0.id == image.id }
        }
    }

    func summary(of entry: LayoutEntry) throws -> ImageSummary {
        if let summary = ImageSummary(entry) { return summary }
        let image = try image(of: entry)
        return ImageSummary(image, size: size(of: image), isMadeHere: entry.isMadeHere)
    }

    /// How large the image is, in bytes: the sum of the files in all its layers, as docker has it; or, where a layer
    /// is not unpacked, the sum of the layers' blobs.
    package func size(of image: LocalImage) -> Int64 {
        layerSizes(of: image).reduce(0) { sum, size in
            let (total, overflow) = sum.addingReportingOverflow(size)
            return overflow ? .max : total
        }
    }

    /// The layers' sizes, the lowest first, all of one kind: see ``size(of:)``.
    package func layerSizes(of image: LocalImage) -> [Int64] {
        let unpacked = image.config.diffIDs.compactMap(layers.size)
        return unpacked.count == image.content.layers.count ? unpacked : image.content.layers.map(\.size)
    }

    /// The descriptor of a manifest that is stored, with what lists show of the image.
    func summarized(_ manifest: Descriptor) -> Descriptor {
        guard let image = try? image(of: manifest, named: nil, resolved: nil) else { return manifest }
        var descriptor = manifest
        for (name, value) in ImageSummary(image, size: size(of: image)).annotations {
            descriptor.annotations[name] = value
        }
        return descriptor
    }
}
