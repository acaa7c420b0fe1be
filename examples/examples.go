// Package examples carries the example bots: dialog projects with their tests.
package examples

import "embed"

// Files holds the demo bot, which `parley serve --demo` runs.
//
//go:embed all:demo
var Files embed.FS
