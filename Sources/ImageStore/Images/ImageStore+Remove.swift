import ImageSpec

extension ImageStore {
    /// Removes a name, or an image by its ID, and the content that nothing else needs.
    ///
    /// The name goes first and durably. Content goes after, under the same lock: only what the removed image
    /// needed, and no entry that is left, no living lease and no container. What a lease holds stays behind as litter
    /// when its holder ends without naming it.
    ///
    /// - Parameter force: remove an image by ID though it has several names, or stopped containers; take away its last
    ///   name though it has containers: while one of them runs, the image stays without a name.
    /// - Throws: ``ImageStoreError/noSuchImage(_:)``, ``ImageStoreError/imageHasSeveralNames(_:names:)``,
    ///   ``ImageStoreError/nameInUse(_:image:container:)``, ``ImageStoreError/imageInUse(_:container:isRunning:)``.
    package func remove(_ nameOrID: String, force: Bool = false) throws -> ImageRemoval {
        try layout.withLock(.exclusive) { lock in
            var index = try layout.index(lock)
            let entries = try entries(matching: nameOrID, in: index)
            guard let first = entries.first else { throw ImageStoreError.noSuchImage(nameOrID) }
            guard force || entries.count == 1 else {
                let names = entries.compactMap(\.reference).map(\.familiarName)
                throw ImageStoreError.imageHasSeveralNames(nameOrID, names: names)
            }
            // An image that can't be read any more can still be removed.
            let image = try? image(of: first)
            let use = try ContentUse(of: self, lock)
            let isName = self.entry(named: nameOrID, in: index) != nil
            let leavesOthers = image.map { self.names($0.id, besides: entries, in: index) } ?? false
            let user = leavesOthers ? nil : image.flatMap { use.container(of: $0.id) }
            if let image, let user { try Self.check(nameOrID, isName: isName, image.id, user, force: force) }

            var candidates: Set<Digest> = []
            for descriptor in entries.compactMap(\.descriptor) {
                candidates.formUnion(try layout.digestsNeeded(by: descriptor))
            }
            index.removeEntries { entries.contains($0) }
            if user?.isRunning == true, let descriptor = first.descriptor {
                index.append(try LayoutEntry(descriptor, name: nil, resolved: first.resolvedDigest))
            }
            try layout.replaceIndex(by: index, lock)
            let deleted = try delete(candidates.subtracting(use.digests), lock)
            let reported = image.map { [$0.id] + $0.config.diffIDs } ?? []
            return ImageRemoval(
                untagged: entries.compactMap(\.reference),
                deleted: reported.filter(deleted.contains)
            )
        }
    }

    /// Whether the image has other entries too.
    private func names(_ image: Digest, besides entries: [LayoutEntry], in index: LayoutIndex) -> Bool {
        index.entries.contains { !entries.contains($0) && (try? summary(of: $0))?.id == image }
    }

    /// As docker has it: a name goes when it is forced; an image that a running container has doesn't.
    private static func check(
        _ nameOrID: String,
        isName: Bool,
        _ image: Digest,
        _ user: ImageUse,
        force: Bool
    ) throws(ImageStoreError) {
        if isName {
            guard force else { throw .nameInUse(nameOrID, image: image, container: user.container) }
        } else if user.isRunning || !force {
            throw .imageInUse(image, container: user.container, isRunning: user.isRunning)
        }
    }

    /// All that the entries of the index need.
    func digestsNeeded(_ lock: borrowing FileLock) throws -> Set<Digest> {
        var needed: Set<Digest> = []
        for descriptor in try layout.index(lock).entries.compactMap(\.descriptor) {
            needed.formUnion(try layout.digestsNeeded(by: descriptor))
        }
        return needed
    }

    /// Deletes of `candidates` what no entry needs; returns what went.
    private func delete(
        _ candidates: Set<Digest>,
        _ lock: borrowing FileLock
    ) throws -> Set<Digest> {
        let unneeded = candidates.subtracting(try digestsNeeded(lock))
        let allLayers = try allLayers
        for digest in unneeded {
            try layout.delete(digest, lock)
            for layers in allLayers { try layers.remove(digest) }
        }
        return unneeded
    }
}
