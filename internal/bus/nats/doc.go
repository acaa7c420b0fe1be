// Package nats is a session.Bus on a NATS server: hints between the nodes of
// one cluster, on one subject, as they come and never stored.
//
// Nothing here is a fact. A hint that is lost, late or doubled delays at most:
// nodes ask the store. So nobody waits for the bus: what cannot be sent now is
// dropped and counted.
package nats
