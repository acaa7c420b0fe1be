package browser

import "testing"

// The visitor sees an agent's typing and receipts, and after a
// reload what a resolved conversation still offers.
func TestWidget_ShowsWhatAgentsDo(t *testing.T) {
	t.Parallel()
	drive(t, "people", "seen", serve(t, "--demo").demo())
}

// Receipts survive lines that break over them.
func TestReceipts_AreToldAgainWhenTheLineBreaks(t *testing.T) {
	t.Parallel()
	drive(t, "people", "receipts", serve(t, "--demo").demo())
}
