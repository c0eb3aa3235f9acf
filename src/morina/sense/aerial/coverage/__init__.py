"""Where cameras looked from the air, when last, and how probably they would have seen."""
