import ImageStore

// The process may be a helper of another berth; it must find that out while it has one thread.
LayerApplier.runIfRequested()
TreeHelper.runIfRequested()
StandardStreams.prepare()
await BerthCommand.runToEnd()
