// Package web holds the built pages: the desk of agents and the chat widget.
// `make web` builds them from the sources beside this file.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:desk/dist all:widget/dist
var built embed.FS

// Desk returns the files of the desk page; index.html is its entry.
func Desk() fs.FS { return sub("desk/dist") }

// Widget returns the files of the chat widget.
func Widget() fs.FS { return sub("widget/dist") }

func sub(dir string) fs.FS {
	files, err := fs.Sub(built, dir)
	if err != nil {
		panic(err) // the embed line above holds both places
	}
	return files
}
