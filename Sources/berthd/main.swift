import ArgumentParser
import Yams
print("berthd")
