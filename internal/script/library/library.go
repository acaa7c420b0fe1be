// Package library holds our own implementation of the standard module
// sys.zb-common: named patterns, converters, dictionaries, functions and ready
// pieces of dialogs (script-api 4, dialog-language 1.4). Its files are written in
// the dialog language and are part of the program.
package library

import (
	"embed"
	"fmt"
	"io/fs"

	"parley/internal/dialog"
)

//go:embed zb-common
var content embed.FS

// Modules are the standard modules by the names that projects use: sys.zb-common,
// its older name zenbot-common and its sibling sys.zfl-common. They share their files.
func Modules() map[string]dialog.Module {
	files, err := fs.Sub(content, "zb-common")
	if err != nil {
		panic(fmt.Sprintf("library: the embedded folder has an invalid name: %s", err))
	}
	module := dialog.Module{Files: files, Unsupported: unsupported()}
	return map[string]dialog.Module{"sys.zb-common": module, "zenbot-common": module, "sys.zfl-common": module}
}

// unsupported are files of the original modules that this one lacks. A project
// that requires them loads with a warning.
func unsupported() []string {
	return []string{
		"**/*Kz.sc", "city/cities-kz.csv", "city/cities-small.csv", // Kazakh
		"banks/**", "car/**", "metro/**", "music/**",
		"geocoder/**", "cailaEntities/**", // services outside
		"catchAll/**", "offtopic/**", "newOfftopic/**", "test.sc",
		"zenflow*.sc", "entities.sc", // sys.zfl-common
	}
}
