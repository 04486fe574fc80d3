//! The command line: the only room that reads the environment, prints and writes files.
