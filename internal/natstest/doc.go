// Package natstest starts a real NATS server for tests: the server's own code
// in the test's process, on a port of this machine, with stop and restart. It is
// for tests only; nothing of the program imports it.
package natstest
