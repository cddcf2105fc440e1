import ArgumentParser
print("berth")
