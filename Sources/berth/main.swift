await BerthCommand.runToEnd()
