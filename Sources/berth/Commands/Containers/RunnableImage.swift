import ImageSpec
import ImageStore
import RegistryClient

/// The image that a container is made of, by the name that the command line has.
struct RunnableImage {
    let name: String
    let platform: String?
    let when: ContainerOptions.PullWhen
    /// Whether nothing is shown of a pull.
    let isQuiet: Bool

    /// Finds it in the store, or pulls it.
    func find(in store: ImageStore, _ berth: BerthCommand) async throws -> LocalImage {
        let platform = try self.platform.map { try Platform($0) }
        guard when != .always else { return try await pull(platform, into: store, berth) }
        do {
            let image = try store.image(matching: name)
            guard platform.map({ image.config.platform.runs(on: $0) }) ?? true else {
                return try await pull(platform, into: store, berth)
            }
            return image
        } catch ImageStoreError.noSuchImage {
            guard when != .never else { throw ContainerOptionError.imageNotHere(name) }
            let reference = try berth.reference(name)
            if !isQuiet { Terminal.report("Unable to find image '\(reference.familiarName)' locally") }
            return try await pull(platform, into: store, berth)
        }
    }

    private func pull(_ platform: Platform?, into store: ImageStore, _ berth: BerthCommand) async throws -> LocalImage {
        let reference = try berth.reference(name)
        // What the program prints is all that belongs on the standard output.
        let progress = TransferProgress(.auto, isQuiet: isQuiet, on: .standardError)
        let registries = try berth.registries()
        let jobs = try berth.configuration().jobs
        async let filter: Void = store.prepareFilter()
        let result = try await PullProgress(of: reference, as: progress).run(name: name) { show in
            try await registries.pulling(reference, onFailure: progress.notePassedOver) { client in
                try await store.pull(
                    reference,
                    platform: platform,
                    from: client,
                    jobs: jobs,
                    onEvent: show
                )
            }
        }
        await filter
        Interruption.handle(.nothing)
        return result.image
    }
}
