// Package dialog reads projects of the JAICP dialog language: chatbot.yaml, the
// .sc sources and what they require. It gives a tree of states that a runtime
// can execute without parsing anything again, and diagnostics with file, line
// and column for everything that is wrong. It knows no session and runs no
// JavaScript: code is kept as text with its place in the file.
package dialog
