import ImageSpec
import GRDB
