/// How a blob came into a repository.
package enum BlobPush: Sendable, Equatable {
    case alreadyThere
    /// From another repository of the same registry, without its bytes being sent.
    case mounted
    case uploaded
}
