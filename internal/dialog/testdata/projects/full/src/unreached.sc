this file is dead and broken
