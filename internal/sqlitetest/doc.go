// Package sqlitetest gives tests fresh SQLite stores without running every migration
// for each: what the first test of a process made, the others copy.
package sqlitetest
