// Package webhook signs the webhooks of the outbox and delivers them: contract
// b.1.
//
// What it guarantees: every delivery reaches its receiver at least once or
// becomes a dead letter, with the same body bytes on every attempt. First
// deliveries of one integration and chain of sessions go out in order of
// sequence, and the first one blocks the rest until it is delivered or dead;
// different chains go out in parallel. What it does not: a receiver may see a
// delivery twice, when a server dies between the answer and its record, and a
// re-driven dead letter comes after younger ones (X-Parley-Redelivery: 1). The
// request_id, also sent as webhook-id, tells a repeat.
//
// The order, the leases and the record of attempts are the outbox's; this
// package asks it for what is due, sends, and settles.
package webhook
