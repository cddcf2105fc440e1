import ImageSpec

extension ImageStore {
    /// Removes a name, or an image by its ID, and the content that nothing else needs.
    ///
    /// The name goes first and durably. Content goes after, under the same lock: only what the removed image
    /// needed, and no entry that is left, and no living lease. What a lease holds stays behind as litter when
    /// its holder ends without naming it.
    ///
    /// - Parameter force: remove an image by ID though it has several names.
    /// - Throws: ``ImageStoreError/noSuchImage(_:)``, ``ImageStoreError/imageHasSeveralNames(_:names:)``.
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
            var candidates: Set<Digest> = []
            for descriptor in entries.compactMap(\.descriptor) {
                candidates.formUnion(try layout.digestsNeeded(by: descriptor))
            }
            index.removeEntries { entries.contains($0) }
            try layout.replaceIndex(by: index, lock)
            let deleted = try delete(candidates, lock)
            let reported = image.map { [$0.id] + $0.config.diffIDs } ?? []
            return ImageRemoval(
                untagged: entries.compactMap(\.reference),
                deleted: reported.filter(deleted.contains)
            )
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

    /// Deletes of `candidates` what nobody needs; returns what went.
    private func delete(
        _ candidates: Set<Digest>,
        _ lock: borrowing FileLock
    ) throws -> Set<Digest> {
        let held = try ContentLease.heldDigests(in: layout.leaseFolder, lock)
        let unneeded = candidates.subtracting(try digestsNeeded(lock)).subtracting(held)
        for digest in unneeded {
            try layout.delete(digest, lock)
            try layers.remove(digest)
        }
        return unneeded
    }
}
