import ArgumentParser
import ImageStore

/// What the commands that remove images take and do.
struct RemoveImageOptions: ParsableArguments {
    @OptionGroup var location: StoreLocation

    static let discussion = "Example: berth rmi team/app:1"

    @Flag(
        name: .shortAndLong,
        help: "Remove an image though it has several names, or containers; what isn't there is no failure."
    )
    var force = false

    @Argument(help: ArgumentHelp("What to remove.", valueName: "name[:tag]|id"), completion: .images)
    var names: [String]

    /// Goes on with the others when one can't be removed.
    func run(_ store: ImageStore) throws {
        var failures: [any Error] = []
        for name in names {
            do {
                show(try store.remove(name, force: force), of: store)
            } catch let error as ImageStoreError where force && error.isNoSuchImage {
                Failure(error).report()
            } catch {
                failures.append(error)
            }
        }
        guard let last = failures.popLast() else { return }
        for failure in failures { Failure(failure).report() }
        throw last
    }

    private func show(_ removal: ImageRemoval, of store: ImageStore) {
        for reference in removal.untagged { Terminal.print("Untagged: \(store.shownName(of: reference))") }
        for digest in removal.deleted { Terminal.print("Deleted: \(digest)") }
    }
}
