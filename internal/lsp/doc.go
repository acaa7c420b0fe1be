// Package lsp is a language server: it gives editors diagnostics, completion,
// jumps, hover and outlines for .sc files, chatbot.yaml and XML tests, over
// standard input and output (Language Server Protocol 3.17).
//
// All parsing is that of package dialog. One goroutine owns the documents and the
// projects; a second one reads messages and a third loads projects.
package lsp
