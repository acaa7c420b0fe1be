// Package blob keeps the files that people send each other: contract a.11,
// a.12 and the uploads of sockets. What a file is stands in the store; its
// bytes lie behind the port [Objects], so that another place than a directory
// can follow. Nothing a client says is ever part of a path.
package blob
