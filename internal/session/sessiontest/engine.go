package sessiontest

import (
	"testing"

	"parley/internal/session"
)

// Engine is a store under test with all of its ports.
type Engine interface {
	Store() session.Store
	Outbox() session.Outbox
	Registry() session.Registry
	// Reopen closes the engine and opens it again on the same data.
	Reopen(t *testing.T) Engine
}

// Store runs the suite. open returns an engine without data, which it closes
// when the test ends; it is called once a subject.
func Store(t *testing.T, open func(t *testing.T) Engine) {
	for _, subject := range []struct {
		name string
		run  func(*House)
	}{
		{"OwnError", ownError},
		{"Breakdown", breakdown},
		{"Neighbours", neighbours},
		{"OneGroupOneVersionEach", oneGroup},
		{"AnsweredAfterTheListener", answeredAfterListener},
		{"CancelledBefore", cancelledBefore},
		{"CancelledWhileQueued", cancelledWhileQueued},
		{"OrderOfTheListener", orderOfListener},
		{"Snapshot", snapshot},
		{"NoRow", noRow},
		{"NoConfirmedKeyLost", noKeyLost},
		{"EveryField", everyField},
		{"EveryFieldAfterReopen", everyFieldAfterReopen},
		{"SessionPages", sessionPages},
		{"SessionFilters", sessionFilters},
		{"EndlessSessions", endlessSessions},
		{"Releases", releases},
		{"MessagePages", messagePages},
		{"MessageOutcomes", messageOutcomes},
		{"EventPages", eventPages},
		{"Waiting", waiting},
		{"WaitingBesides", waitingBesides},
		{"Heads", heads},
		{"DueSessions", dueSessions},
		{"DueTimers", dueTimers},
		{"DuePushes", duePushes},
		{"SweepRemembered", sweepRemembered},
		{"SweepRepeatedIDs", sweepRepeatedIDs},
		{"SweepEvents", sweepEvents},
		{"OutboxOrder", outboxOrder},
		{"OutboxHeadBlocks", outboxHeadBlocks},
		{"OutboxPassesOver", outboxPassesOver},
		{"OutboxLease", outboxLease},
		{"OutboxParallelClaims", outboxParallel},
		{"OutboxNextDue", outboxNextDue},
		{"DeadLetters", deadLetters},
		{"Backlog", backlog},
		{"RegistryIntegrations", registryIntegrations},
		{"RegistryKeys", registryKeys},
		{"Closed", closed},
	} {
		t.Run(subject.name, func(t *testing.T) { subject.run(NewHouse(t, open(t))) })
	}
}
