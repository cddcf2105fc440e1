import ArgumentParser
import ImageStore

LayerApplier.runIfRequested()
print("berth")
