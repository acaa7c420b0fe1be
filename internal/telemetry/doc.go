// Package telemetry counts what the server does, for Prometheus. Names follow
// its conventions (base units, _total, _seconds, _bytes); no session, client
// or key is ever a label.
package telemetry
