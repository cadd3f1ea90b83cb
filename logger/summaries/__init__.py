"""Value → Summary message, one file for each kind of data. Pure functions: no files, no threads."""
